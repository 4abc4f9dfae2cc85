import { join } from "node:path";
import type { BearerView } from "@openline/api";
import { type Party, formatTime, secondsOf } from "@openline/core";
import type { BearerHealth, OpenBearer } from "../bearers/bearer.ts";
import { carriedWays } from "./carried-ways.ts";
import { directWays } from "./direct-ways.ts";
import type { WaysOptions } from "./ways-options.ts";

/** The ways from one node to its peers, as they stand. */
export interface Ways {
  readonly views: () => readonly BearerView[];
  /** Where peers may call. */
  readonly ports: readonly number[];
  close(): Promise<void>;
}

/** Opens the ways that an operator has set and joins the node to them; tells of a peer to whom none leads. Throws `OpenlineError` `usage` where one cannot be. */
export async function openWays(options: WaysOptions): Promise<Ways> {
  const direct = await directWays(options);
  try {
    const carried = carriedWays(options);
    tellOfNoWay(options, direct, carried);
    return {
      ports: direct.ports,
      views: () => [...direct.ways, ...carried].map(({ peer, bearer }) => viewOf(bearer, peer)),
      close: async () => {
        await Promise.all(carried.map(({ bearer }) => bearer.close()));
        await direct.close();
      },
    };
  } catch (error) {
    await direct.close();
    throw error;
  }
}

/** An exercise is read without a peer, and is no line on which anybody waits. */
function tellOfNoWay(
  { dir, told, node }: WaysOptions,
  direct: Awaited<ReturnType<typeof directWays>>,
  carried: ReturnType<typeof carriedWays>,
): void {
  const { accord, party } = node.options;
  if (accord.terms.mode === "exercise" || direct.ports.length > 0) return;
  for (const { peer, addresses } of direct.ways)
    if (addresses().length === 0 && !carried.some((way) => way.peer === peer))
      told(
        `${party.id}: there is no way to ${peer.id}: say in ${join(dir, "bearers.yaml")} where they may call (listen) or where you call them (dial)`,
      );
}

function viewOf(bearer: OpenBearer, peer: Party): BearerView {
  const health = bearer.health();
  return { id: bearer.id, kind: bearer.kind, peer: peer.id, out: directionOf(health.out), in: directionOf(health.in) };
}

function directionOf(health: BearerHealth): BearerView["out"] {
  switch (health.is) {
    case "proven":
      return { value: "proven", since: formatTime(secondsOf(health.at)), code: null };
    case "silent":
      return { value: "silent", since: formatTime(secondsOf(health.since)), code: null };
    case "failing":
      return { value: "failing", since: null, code: health.code };
    case "not-tested":
      return { value: "not-tested", since: null, code: null };
  }
}
