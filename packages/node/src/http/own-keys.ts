import { Announce, Announced, LineParams, NodeKeyTaken, Problem, TakeNodeKey } from "@openline/api";
import { type Facts, logLabel } from "@openline/core";
import { pinOfIdentity } from "../bearers/tls/certificate.ts";
import type { TlsShown } from "../service/tls-shown.ts";
import type { Api } from "./api.ts";
import { bytesOf, lineOf, timeOf, trackOfLog } from "./lookup.ts";
import { Asked, REFUSED, problemOf } from "./problems.ts";
import type { Served } from "./served.ts";

/** Whoever can open the control socket may say where the node is: the node's own account, which holds the keys that it shows. */
export function announcedRoutes(api: Api, served: Served, shown: TlsShown | undefined): void {
  const schema = {
    operationId: "announce",
    summary: "tell the other parties where this node may be called and which TLS key it shows, from a time on",
    tags: ["node"],
    params: LineParams,
    body: Announce,
    response: { 201: Announced, "4xx": Problem, "5xx": Problem },
  };
  api.post("/api/v1/lines/:line/announcements", { schema }, async (request, reply) => {
    const { node } = lineOf(served, request.params.line);
    const { from, addresses, identity } = request.body;
    if (addresses === undefined && identity === undefined) throw new Asked("bad-request", "an address or a TLS identity expected");
    if (identity !== undefined && shown === undefined) throw new Asked("bad-request", "this node has no direct bearer");
    const facts: Facts = {
      effective: timeOf(from),
      ...(addresses === undefined ? {} : { addresses }),
      ...(identity === undefined ? {} : { pins: [pinOfIdentity(identity)] }),
    };
    // Known before peers are told to expect it.
    if (identity !== undefined) shown?.add(identity);
    const result = await node.announce({ kind: "service-note", facts });
    if (!result.ok) return reply.status(REFUSED).send(problemOf(result.refusal));
    const { log, index, leaf } = result.value;
    return reply.status(201).send({ log: logLabel(node.record, trackOfLog(lineOf(served, request.params.line), log)), index, leaf });
  });
}

/** Whoever can open the control socket may give the node a key for its own acts. It signs nothing before the directory has enrolled it. */
export function nodeKeyRoutes(api: Api, served: Served): void {
  const schema = {
    operationId: "takeNodeKey",
    summary: "a key that is to sign this node's own acts once its log has enrolled it",
    tags: ["node"],
    params: LineParams,
    body: TakeNodeKey,
    response: { 201: NodeKeyTaken, "4xx": Problem },
  };
  api.post("/api/v1/lines/:line/node-keys", { schema }, async (request, reply) => {
    const seed = bytesOf("seed", request.body.seed);
    if (seed.length !== 32) throw new Asked("bad-request", "a seed of 32 bytes expected");
    lineOf(served, request.params.line).node.takeKey(seed);
    return reply.status(201).send({ taken: true as const });
  });
}
