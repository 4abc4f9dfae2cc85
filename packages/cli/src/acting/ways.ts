import { resolve } from "node:path";
import type { Command } from "commander";
import { type Announced, type UnixSeconds, formatTime, parseUnixSeconds, presentParties, waysOf } from "@openline/core";
import { controlOf, keepNewIdentity, readLineInForce } from "@openline/node/operate";
import { EXIT, Ended } from "../exit.ts";
import { several, timeOption } from "../options.ts";
import { printJson, printLines } from "../output.ts";
import { type KeyOptions, unlockerOf, withKeyOptions } from "../passphrases.ts";
import { askNode } from "./node-client.ts";

/** `openline ways …`: where the parties' nodes may be called, and by which TLS keys they are known. */
export function waysCommand(program: Command): void {
  const ways = program.command("ways").description("where each party's node may be called, and by which TLS keys it is known");
  ways
    .command("show")
    .description("what counts now and what is announced, from the record")
    .requiredOption("--dir <dir>", "the folder of the line", folderOption)
    .option("--json", "as JSON")
    .action(show);
  withKeyOptions(
    ways
      .command("announce")
      .description("tell the other parties another address or TLS key of this node: they use it by themselves from the time named")
      .requiredOption("--dir <dir>", "the folder of the line, in which its node runs", folderOption)
      .requiredOption("--from <time>", "from when it counts, such as 2026-12-01T06:00:00Z; until then both do", timeOption)
      .option(
        "--address <host:port>",
        "where this node may be called; may be given several times, and takes the place of all before",
        several((text) => text),
      )
      .option("--new-key", "make a new TLS key and show it from then on")
      .option("--json", "print where the note came to stand as JSON"),
  ).action(announce);
}

const folderOption = (text: string): string => resolve(text);
const nowSeconds = (): UnixSeconds => parseUnixSeconds(Math.floor(Date.now() / 1000));

async function show({ dir, json }: { readonly dir: string; readonly json?: true }): Promise<void> {
  const { accord, record } = await readLineInForce(dir);
  const shown = presentParties(accord).map((party) => {
    const { addresses, pins } = waysOf(record, accord.parties.indexOf(party), nowSeconds());
    return { party: party.id, addresses: shownOf(addresses), pins: shownOf(pins) };
  });
  if (json === true) return printJson(shown);
  printLines(
    shown.flatMap(({ party, addresses, pins }) => [
      party,
      ...linesOf("address", addresses),
      ...linesOf("TLS key", {
        now: pins.now.map(short),
        next: pins.next === null ? null : { ...pins.next, all: pins.next.all.map(short) },
      }),
    ]),
  );
}

interface Shown {
  readonly now: readonly string[];
  readonly next: { readonly from: string; readonly all: readonly string[] } | null;
}
const shownOf = ({ now, next }: Announced): Shown => ({
  now,
  next: next === undefined ? null : { from: formatTime(parseUnixSeconds(next.from)), all: next.all },
});
/** Of a pin as much as people compare. */
const short = (pin: string): string => pin.slice(0, 16);
const linesOf = (what: string, { now, next }: Shown): readonly string[] => [
  `  ${what}  ${now.join(", ") || "none"}`,
  ...(next === null ? [] : [`  ${what}  ${next.all.join(", ")} from ${next.from}`]),
];

interface AnnounceOptions extends KeyOptions {
  readonly dir: string;
  readonly from: UnixSeconds;
  readonly address?: readonly string[];
  readonly newKey?: true;
  readonly json?: true;
}

async function announce(options: AnnounceOptions): Promise<void> {
  const { dir, from, address } = options;
  if (address === undefined && options.newKey === undefined) throw new Ended(EXIT.usage, "--address HOST:PORT, --new-key, or both");
  // A key is only made where there is a node to tell of it.
  if ((await controlOf(dir)) === undefined) await askNode(dir, async () => undefined);
  const line = await readLineInForce(dir);
  const identity = options.newKey === true ? await keepNewIdentity(line, nowSeconds(), unlockerOf(options)) : undefined;
  const said = {
    from: formatTime(from),
    ...(address === undefined ? {} : { addresses: [...address] }),
    ...(identity === undefined ? {} : { identity }),
  };
  const placed = await askNode(dir, (client) => client.announce(line.accord.line, said));
  if (options.json === true) return printJson(placed);
  printLines([
    `entry ${placed.index} of our log: from ${formatTime(from)} the other side uses it; until then both count. openline ways show --dir ${dir}`,
  ]);
}
