import { afterAll, beforeAll, expect, test } from "vitest";
import { FAULTS, type Fault } from "../../packages/node/test/bearers/relay.ts";
import { stopNodes, workFolder } from "../support/openline.ts";
import { FaultLine, PARTIES, eventually } from "./fault-line.ts";

/** Two processes speak over TLS through a relay that harms what passes. */
const ROUNDS = Number(process.env["OPENLINE_ROUNDS"] ?? 1);
const SEED = Number(process.env["OPENLINE_SEED"] ?? 1);
/** Bytes that go well between two faults: a handshake comes about, and an exchange seldom. */
const BYTES_BETWEEN = 8_000;
/** Each alone, so that what it did is known; the longer loop (`npm run faults`) tries them all. */
const WEATHERS: readonly Fault[] = ROUNDS > 1 ? FAULTS.filter((fault) => fault !== "drip") : ["flip", "cut", "delay"];
/** What TLS notices ends a connection; the rest costs time only. */
const ENDS_IT: ReadonlySet<Fault> = new Set(["cut", "flip", "double", "reorder", "lose"]);

const dir = workFolder();
let line: FaultLine;

beforeAll(async () => {
  line = await FaultLine.open(dir, SEED);
}, 120_000);
afterAll(async () => {
  await stopNodes();
  await line.close();
});

test.each(Array.from({ length: ROUNDS }, (_, round) => round))(
  `round %i: every fault ends a connection at most, and afterwards both records are equal (seed ${SEED})`,
  async () => {
    const printed = PARTIES.map((party) => line.node(party).printed());
    const happened = (fault: Fault): number => line.relay.did.get(fault) ?? 0;
    for (const fault of WEATHERS) {
      const [before, connections] = [happened(fault), line.relay.connections];
      line.relay.weather = { faults: [fault], bytesBetween: BYTES_BETWEEN };
      await eventually(async () => {
        for (const party of PARTIES) expect(await line.say(party)).toBeDefined();
        return happened(fault) > before;
      });
      line.relay.weather = undefined;
      if (ENDS_IT.has(fault)) await eventually(async () => line.relay.connections > connections);
    }
    await line.check();
    // Nobody was stopped or had anything to complain of.
    expect(PARTIES.map((party) => line.node(party).printed())).toEqual(printed);
    expect(PARTIES.map((party) => line.node(party).child.exitCode)).toEqual([null, null]);
  },
);
