import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  type Accord,
  type Party,
  type UnixMillis,
  decodeAccordFiles,
  fromHex,
  limits,
  millisOf,
  parseUnixSeconds,
  readAccord,
} from "@openline/core";
import { MemoryDisk, MemorySecondPlace, MemoryStore, Node, type NodeOptions, nativeSuite as suite } from "@openline/node";
import { decodeNodeKeys } from "../../src/keys.ts";
import { entriesOf, seeded } from "./line.ts";

/** `vectors/refusals/node.json`: what reaches a node on a bearer, and what it keeps and says of it. Format: docs/spec/refusals.md §7. */
interface File {
  readonly accord: string;
  readonly party: string;
  readonly keys: string;
  readonly peer: string;
  readonly cases: readonly Case[];
}
interface Case {
  readonly comment: string;
  readonly now: number;
  readonly steps: readonly ({ readonly frame: string } | { readonly wait: number })[];
  readonly expect: {
    readonly findings: readonly string[];
    readonly refusals: readonly { readonly code: string; readonly leaf: string }[];
    readonly acts: readonly string[];
  };
}

const file = JSON.parse(readFileSync(new URL("../../../../vectors/refusals/node.json", import.meta.url), "utf8")) as File;

async function played({ now, steps }: Case): Promise<Case["expect"]> {
  const accord: Accord = readAccord(suite, decodeAccordFiles(fromHex(file.accord)));
  const party = (id: string): Party => accord.parties.find((item) => item.id === id)!;
  let at: UnixMillis = millisOf(parseUnixSeconds(now));
  const disk = new MemoryDisk();
  const options: NodeOptions = {
    suite,
    accord,
    party: party(file.party),
    keys: decodeNodeKeys(fromHex(file.keys)),
    store: new MemoryStore(disk),
    second: new MemorySecondPlace(),
    world: { clock: { now: () => at }, random: seeded(1).bytes },
    receiptDelayMs: 0,
    unprompted: false,
  };
  const node = await Node.open(options);
  const bearer = {
    id: "vectors",
    kind: "memory" as const,
    epoch: "direct" as const,
    mtu: limits.frameBytesMax,
    oneWay: undefined,
    credit: () => limits.frameBytesMax,
    send: async () => undefined,
  };
  await node.join(bearer, party(file.peer));
  for (const step of steps) {
    if ("frame" in step) await node.receive(fromHex(step.frame), bearer);
    else {
      at = (at + step.wait * 1000) as UnixMillis;
      await node.tick();
    }
  }
  const findings = (await options.store.findings(0, 100)).map((item) => item.code);
  const own = entriesOf(disk, node.own.log).flatMap(({ read }) => (read.ok ? [read.value.act.header] : []));
  const refusals = own.flatMap(({ kind, facts, refs }) => (kind === "refusal" ? [{ code: facts.code ?? "", leaf: refs[0] ?? "" }] : []));
  const acts = own.flatMap(({ kind }) => (kind === undefined || ["accord-sign", "beat", "refusal"].includes(kind) ? [] : [kind]));
  return { findings, refusals, acts };
}

describe("vectors/refusals/node.json", () => {
  test.each(file.cases.map((item) => [item.comment, item] as const))("%s", async (_, item) => {
    expect(await played(item)).toEqual(item.expect);
  });
});
