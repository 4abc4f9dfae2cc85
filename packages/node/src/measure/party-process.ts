/** One party of a measured line, as a process of its own: the node exactly as `openline up` runs it, told by its parent what to
 *  send. Started with its folder; each order is answered by one message. */
import { type Precedence, namedBy } from "@openline/core";
import { TlsConnection } from "../bearers/tls/connection.ts";
import { frameHeader } from "../bearers/tls/framing.ts";
import type { Node } from "../node.ts";
import { postSeed } from "../operate/folder.ts";
import { systemClock } from "../service/clock.ts";
import { up } from "../service/up.ts";
import { type Ready, messages } from "./line.ts";
import { type Order, type Sent, type Usage, WATCH } from "./orders.ts";

/** Bytes of frames handed to TLS, with their headers. */
let handed = 0;
const send: TlsConnection["send"] = Reflect.get(TlsConnection.prototype, "send");
TlsConnection.prototype.send = function counted(this: TlsConnection, frame) {
  handed += frame.length + frameHeader(frame.length).length;
  return send.call(this, frame);
};

const [dir = ""] = process.argv.slice(2);
const running = await up([dir], {
  clock: systemClock,
  unlocker: async () => ({ by: "none" }),
  exercisesOnly: false,
  told: (line) => process.stderr.write(`${line}\n`),
});
const [line] = running.lines;
if (line === undefined) throw new RangeError("one folder is one line");
const { node } = line.served;
const seed = await postSeed(dir, WATCH);
const held = receiptsOf(node);
let stopping = false;
void running.failed.then((error) => {
  // What was on its way when the store was closed is nobody's any more.
  if (stopping) return;
  process.stderr.write(`${String(error)}\n`);
  process.exit(4);
});

// Nobody measures any more.
process.on("disconnect", () => process.exit());
process.on("message", (order: Order) => void carryOut(order).then((answer) => answer !== undefined && process.send?.(answer)));
process.send?.("runs");

/** Answers every order but the last. */
async function carryOut(order: Order): Promise<Sent | Usage | { readonly index: number } | undefined> {
  switch (order.do) {
    case "send":
      return sendAll(order);
    case "place": {
      const [act] = ready(1, "IMMEDIATE");
      return { index: act === undefined ? -1 : await placed(act) };
    }
    case "usage": {
      const { user, system } = process.cpuUsage();
      return { cpuS: (user + system) / 1e6, rssMb: process.memoryUsage.rss() / 1e6, handed };
    }
    case "stop":
      stopping = true;
      await running.stop();
      process.disconnect();
      return undefined;
  }
}

/** Sends messages with so many outstanding all the time: each from its submission until its receipt is durable here. */
async function sendAll({ count, outstanding, precedence }: Extract<Order, { do: "send" }>): Promise<Sent> {
  const acts = ready(count, precedence);
  const tookMs: number[] = [];
  const start = performance.now();
  let next = 0;
  const one = async (): Promise<void> => {
    for (let act = acts[next++]; act !== undefined; act = acts[next++]) {
      const from = performance.now();
      await held(await placed(act));
      tookMs.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: outstanding }, one));
  return { tookMs, ms: performance.now() - start };
}

function ready(count: number, precedence: Precedence): readonly Ready[] {
  return messages(node, { watch: new Map([[WATCH, seed]]) }, count, { precedence });
}

async function placed({ bytes, disclosure }: Ready): Promise<number> {
  const said = await node.submit(bytes, disclosure);
  if (!said.ok) throw new Error(`${said.refusal.code}: ${said.refusal.detail}`);
  return said.value.index;
}

/** Tells when the other party holds an own entry: its receipt has been taken in, and what has been taken in is durable. */
function receiptsOf(of: Node): (index: number) => Promise<void> {
  const waiting = new Map<number, () => void>();
  let told = 0;
  const look = (): void => {
    const peers = [...of.record.logs.values()].filter(({ id }) => id !== of.own.log);
    const size = Math.max(0, ...peers.map((log) => namedBy(log, of.own.log, log.times.length)));
    for (; told < size; told++) {
      waiting.get(told)?.();
      waiting.delete(told);
    }
  };
  const receive = of.receive.bind(of);
  of.receive = async (bytes, bearer) => {
    await receive(bytes, bearer);
    look();
  };
  return (index) => {
    if (index < told) return Promise.resolve();
    return new Promise((resolve) => waiting.set(index, resolve));
  };
}
