import { mkdirSync, writeFileSync } from "node:fs";
import {
  type Frame,
  type HaveFrame,
  type RefusalCode,
  encodeAccordFiles,
  encodeEntry,
  encodeFrame,
  limits,
  parseLogId,
  parseLogIndex,
  parseUnixSeconds,
  rootHint,
  rootOf,
  secondsOf,
  toHex,
} from "@openline/core";
import { nativeSuite as suite } from "../packages/node/src/crypto/native-suite.ts";
import { encodeNodeKeys } from "../packages/node/src/keys.ts";
import { HandBuilt } from "../packages/node/test/node/hand-built.ts";
import { Line, START_S } from "../packages/node/test/node/line.ts";

/** Writes vectors/refusals/node.json: frames that a peer signed by hand, every key from a fixed seed, so that each run writes the
 *  same bytes. Run by hand when the specification changes: node --conditions=openline-source tools/make-refusal-vectors.ts */

type Step = { readonly frame: string } | { readonly wait: number };
interface Expected {
  readonly findings?: readonly RefusalCode[];
  readonly refusals?: readonly { readonly code: RefusalCode; readonly leaf: string }[];
  readonly acts?: readonly string[];
}
type Say = (frame: Uint8Array | Frame) => void;

class Script {
  readonly steps: Step[] = [];
  readonly say: Say = (frame) => void this.steps.push({ frame: toHex(frame instanceof Uint8Array ? frame : encodeFrame(frame)) });
  wait(seconds: number): void {
    this.steps.push({ wait: seconds });
  }
}

interface Setting {
  readonly peer: HandBuilt;
  readonly line: Line;
  readonly script: Script;
}

const line = await Line.open({ nodes: 0 });
const cases: unknown[] = [];

function vector(comment: string, make: (setting: Setting) => Expected): void {
  const peer = new HandBuilt(line, 1);
  const script = new Script();
  peer.open();
  script.say(peer.frame());
  const { findings = [], refusals = [], acts = [] } = make({ peer, line, script });
  cases.push({ comment, now: START_S, steps: script.steps, expect: { findings, refusals, acts } });
}

/** The last entry of the peer's log. */
const lastOf = (peer: HandBuilt): Uint8Array => peer.frame(peer.built.length - 1);

for (const [ahead, comment] of [
  [60, "an entry dated 60 s ahead of the receiver's clock"],
  [61, "an entry dated 61 s ahead"],
] as const) {
  vector(comment, ({ peer, script }) => {
    const { leaf } = peer.add(peer.message(), { time: parseUnixSeconds(START_S + ahead) });
    script.say(lastOf(peer));
    return ahead > limits.clockToleranceS ? { refusals: [{ code: "future-dated", leaf }] } : {};
  });
}

for (const [after, comment] of [
  [59, "a body that comes within a minute where the precedence has no held clock"],
  [60, "a body that has not come after a minute"],
] as const) {
  vector(comment, ({ peer, script }) => {
    const message = peer.message();
    const { leaf } = peer.add({ ...message, disclosure: null });
    script.say(lastOf(peer));
    script.wait(after);
    const log = peer.own.log;
    script.say({ kind: "disclosure", log, index: peer.built.length - 1, disclosure: message.disclosure ?? new Uint8Array() });
    return after < 60 ? {} : { refusals: [{ code: "missing-disclosure", leaf }] };
  });
}

vector("entries that give the root that was signed", ({ peer, script }) => {
  peer.add(peer.message());
  script.say(lastOf(peer));
  return {};
});
vector("entries that give another root than was signed", ({ peer, script }) => {
  const from = peer.built.length;
  const placement = { index: parseLogIndex(from), time: secondsOf(line.now), heads: [], ahead: [], control: peer.own.control };
  const other = encodeEntry(peer.message().bytes, placement);
  peer.add(peer.message());
  script.say({ kind: "entries", log: peer.own.log, from, entries: [{ entry: other, disclosure: null }], checkpoint: peer.checkpoint() });
  return { findings: ["wrong-root"] };
});

const have = (peer: HandBuilt, counter: number, size: number): HaveFrame => ({
  kind: "have",
  counter,
  heard: 0,
  asks: false,
  credit: Number.MAX_SAFE_INTEGER,
  prekey: null,
  full: false,
  logs: [{ log: peer.own.log, size, root: rootHint(rootOf(suite, peer.own.frontier)), missing: [], ahead: [] }],
  open: [],
});
vector("a party that says once that it has less of its own log than it has signed", ({ peer, script }) => {
  const size = peer.built.length;
  script.say(have(peer, 1, size - 1));
  script.say(have(peer, 2, size));
  script.say(have(peer, 3, size - 1));
  return {};
});
vector("a party that says so twice running", ({ peer, script }) => {
  for (const counter of [1, 2, 3]) script.say(have(peer, counter, peer.built.length - 1));
  return { findings: ["smaller-head"] };
});

vector("the same entries twice", ({ peer, script }) => {
  peer.add(peer.message());
  script.say(lastOf(peer));
  script.say(peer.frame());
  return {};
});
vector("two histories of one log", ({ peer, script }) => {
  const { own } = peer;
  peer.add(peer.message());
  script.say(lastOf(peer));
  peer.own = own;
  peer.built.pop();
  peer.add(peer.message());
  script.say(lastOf(peer));
  return { findings: ["fork"], acts: ["fork-found"] };
});

vector("a log that opens under another's name", ({ peer, script }) => {
  const [first] = peer.built;
  const log = parseLogId("9".repeat(16));
  script.say({
    kind: "entries",
    log,
    from: 0,
    entries: [{ entry: first?.bytes ?? new Uint8Array(), disclosure: null }],
    checkpoint: peer.checkpoint(),
  });
  return { findings: ["unknown-log"] };
});
vector("entries from the middle of a log that has not been opened", ({ peer, script }) => {
  const log = parseLogId("9".repeat(16));
  script.say({
    kind: "entries",
    log,
    from: 1,
    entries: [{ entry: peer.built[1]?.bytes ?? new Uint8Array(), disclosure: null }],
    checkpoint: peer.checkpoint(),
  });
  return {};
});

const [receiver, sender] = line.accord.parties;
const file = {
  comment: "What reaches a node that has just opened its log, on one bearer that leads to `peer`, and what it keeps and says of it.",
  accord: toHex(encodeAccordFiles(line.accord.files)),
  party: receiver?.id,
  keys: toHex(encodeNodeKeys({ ...(line.secrets[0]?.keys ?? never()), psks: {}, tls: null })),
  peer: sender?.id,
  cases,
};

function never(): never {
  throw new Error("the line has its secrets");
}

const folder = new URL("../vectors/refusals/", import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL("node.json", folder), `${JSON.stringify(file, null, 1)}\n`);
