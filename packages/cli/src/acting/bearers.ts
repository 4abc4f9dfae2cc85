import { resolve } from "node:path";
import type { Command } from "commander";
import type { BearerView, Bearers } from "@openline/api";
import { printJson, printLines } from "../output.ts";
import { askNode } from "./node-client.ts";

/** `openline bearers`: how the ways of the running node to its peers do. */
export function bearersCommand(program: Command): void {
  program
    .command("bearers")
    .description("show how this node's ways to its peers do: its own observation, and no part of any state")
    .requiredOption("--dir <dir>", "the party's folder, in which its node runs")
    .option("--json", "print as JSON")
    .action(async (options: { readonly dir: string; readonly json?: true }) => {
      const found = await askNode(resolve(options.dir), async (client): Promise<Bearers> => {
        const lines = await client.allLines();
        const all = await Promise.all(lines.map(({ line }) => client.allBearers(line)));
        const clocks = all.flatMap((one) => one.clocks);
        const [lostPsks, unopened] = [all.flatMap((one) => one.lostPsks), all.flatMap((one) => one.unopened)];
        const findings = all.flatMap((one) => one.findings);
        return { at: all[0]?.at ?? "", bearers: all.flatMap(({ bearers }) => bearers), clocks, lostPsks, unopened, findings, next: null };
      });
      if (options.json === true) printJson(found);
      else
        printLines([
          ...(found.bearers.length === 0 ? ["no bearer is set"] : found.bearers.map(lineOf)),
          ...clockLines(found),
          ...pskLines(found),
          ...refusedLines(found),
        ]);
    });
}

const lineOf = (bearer: BearerView): string => `${bearer.id}  out: ${side(bearer.out)}  in: ${side(bearer.in)}`;
/** Only a clock that no honest reading explains is worth a line. */
const clockLines = ({ clocks }: Bearers): readonly string[] =>
  clocks
    .filter(({ beyond }) => beyond)
    .map(
      ({ peer, offset }) =>
        `clock-off: the clock of ${peer} is ${Math.abs(offset)} s ${offset > 0 ? "ahead of" : "behind"} ours: one of the two is wrong`,
    );

const pskLines = ({ lostPsks }: Bearers): readonly string[] =>
  lostPsks.map(({ peer, said }) =>
    said === null
      ? `psk-lost: the pre-shared key with ${peer} is not here, and nobody has said that it is lost: nothing can be exchanged`
      : `psk-lost: sealed for ${peer} without a pre-shared key: root holders of ${said.party} said ${said.at} that it is lost`,
  );

/** What came and could not be taken. */
const refusedLines = ({ unopened, findings }: Bearers): readonly string[] => [
  ...unopened.map(
    ({ peer, envelopes }) =>
      `unopened: nothing that comes from ${peer} opens here, ${envelopes} envelopes so far: its accord, its keys or its pre-shared key are not ours`,
  ),
  ...findings.map(
    ({ code, count, last }) => `finding: ${code}, ${count} since the start, last ${last}: what came is no frame of this line; it is kept`,
  ),
];

const side = ({ value, since, code }: BearerView["out"]): string => [value, since ?? code].filter((part) => part !== null).join(" ");
