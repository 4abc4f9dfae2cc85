import type { LineRecord, LogId } from "@openline/core";
import type { Node, Store } from "@openline/node";
import type { Chance } from "./chance.ts";
import { type Letter, type Pen, type Wrong, writeAct } from "./drafts.ts";
import type { Fitting, Machine } from "./machine.ts";
import type { Rogue } from "./options.ts";

/** A dishonest party is a real node whose record, store or people have been turned: all that it sends is well made, signed with its
 *  own keys, and wrong. */
export function rogueFitting(rogue: Rogue): Fitting {
  switch (rogue) {
    case "forks":
    case "floods":
      return {};
    case "withholds-receipts":
      return { opened: (node, machine) => nameNothing(node, machine) };
    case "withholds-bodies":
      return { options: (options) => ({ ...options, store: withoutWords(options.store) }) };
    case "breaks-rules":
      return { opened: (node) => placeAnything(node) };
  }
}

/** Nobody else's log counts as read, so that no head of it is ever named. */
function nameNothing(node: Node, machine: Machine): void {
  const { record } = node;
  const readTo = record.readTo.bind(record);
  record.readTo = (log) => (machine.plan.laws.ownLog(machine, log) ? readTo(log) : 0);
}

/** Own entries are read without their bodies, and so sent without. */
function withoutWords(store: Store): Store {
  const entries = store.entries.bind(store);
  store.entries = async (log, from, count) =>
    (await entries(log, from, count)).map(({ index, leaf, entry }) => ({ log, index, leaf, entry }));
  return store;
}

/** Whatever can be decoded is placed, whether it has effect or not. */
function placeAnything(node: Node): void {
  const { record } = node;
  const own = (log: LogId): boolean => node.own.log === log;
  const preview: LineRecord["preview"] = () => undefined;
  const offer = record.offer.bind(record);
  record.preview = preview;
  record.offer = (entry) => offer(entry).map((judged) => (own(judged.log) ? { ...judged, refusal: undefined } : judged));
}

/** What the people of a dishonest party do beside their work. */
export function mischief(rogue: Rogue, machine: Machine, pen: Pen): void {
  const { schedule } = machine.plan;
  const again = (ms: number, act: () => void): void => {
    schedule.after(pen.chance.spread(ms / 4, ms * 2), () => {
      act();
      again(ms, act);
    });
  };
  if (rogue === "breaks-rules") again(1_200_000, () => handIn(machine, forged(pen)));
  if (rogue === "floods") {
    again(3_600_000, () => {
      for (let i = 0; i < 60; i++) handIn(machine, writeAct(pen, { kind: "message", channel: 1, precedence: "FLASH", words: 40 }));
    });
    again(1_800_000, () => junk(machine, pen.chance));
  }
}

function handIn(machine: Machine, letter: Letter): void {
  const { node, process } = machine;
  if (node !== undefined && process !== undefined) void machine.guard(process, node.submit(letter.bytes, letter.disclosure));
}

const forged = (pen: Pen): Letter =>
  writeAct(
    pen,
    { kind: "message", channel: 1 },
    pen.chance.pick<Wrong>(["strange-key", "unknown-post", "too-late", "other-line", "signature"]),
  );

/** Frames that no node would send, on every way. */
function junk(machine: Machine, chance: Chance): void {
  for (const way of machine.ways) for (let i = 0; i < 200; i++) way.inject(way.sideOf(machine), chance.bytes(chance.spread(1, 4000)));
}
