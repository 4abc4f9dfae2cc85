import { Line } from "./builder.ts";
import type { LineOptions } from "./builder-accord.ts";

/** A line on which both parties have spoken: keys enrolled, messages, a receipt each way, a suspension taken back. */
export function spokenLine(options: LineOptions = {}): Line {
  const line = new Line(options);
  const [north, south] = [line.log(0), line.log(1)];
  north.open();
  south.open();
  const n = north.assign("watch-1", ["watch"]);
  const s = south.assign("watch-1", ["watch", "minister"], { names: true });
  north.message(n, "first", { facts: { wantsAnswer: true } });
  const asked = north.message(n, "second", { names: true });
  south.beat();
  south.message(s, "answered", { kind: "answer", refs: [asked.leaf] });
  const hold = south.write({
    kind: "suspend",
    channel: 1,
    from: "watch",
    keys: [[s, "author"]],
    body: new Map([["ground", new Map([["en", "drill"]])]]),
  });
  south.write({ kind: "resume", channel: 1, from: "watch", keys: [[s, "author"]], refs: [hold.leaf] });
  north.beat();
  north.message(n, "withheld", { withhold: true });
  north.cosign();
  north.write({ kind: "disclosure-consent", channel: 1, from: "watch", keys: [[n, "author"]] });
  south.beat();
  south.cosign();
  north.cosign();
  north.mldsa = true;
  return line;
}

/** A line on which north was rolled back: its first log is closed at a head below its end, which south holds and has answered; the
 *  second log goes on with the keys enrolled below that head. */
export function restoredLine(options: LineOptions = {}): Line {
  const line = new Line(options);
  const [north, south] = [line.log(0), line.log(1)];
  north.open();
  south.open();
  const n = north.assign("watch-1", ["watch"]);
  const s = south.assign("watch-1", ["watch"], { names: true });
  north.message(n, "before", { facts: { wantsAnswer: true } });
  south.beat();
  const size = north.size;
  const lost = north.message(n, "lost and returned", { names: true });
  south.message(s, "answered", { kind: "answer", refs: [lost.leaf], names: true });
  north.cosign();
  const second = line.restore(0, size);
  second.message(n, "after", { names: true });
  south.beat();
  second.cosign();
  south.cosign();
  second.mldsa = true;
  return line;
}
