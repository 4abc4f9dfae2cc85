import { resolve } from "node:path";
import type { Command } from "commander";
import type { AmendmentView, DraftSummary, EntryShown, Inbox } from "@openline/api";
import { visibleLine } from "@openline/core";
import { firstWords } from "../first-words.ts";
import { printJson, printLines } from "../output.ts";
import { draftLine } from "./draft-text.ts";
import { askNode } from "./node-client.ts";

/** `openline inbox`: what the other side said and somebody here owes something for. */
export function inboxCommand(program: Command): void {
  program
    .command("inbox")
    .description(
      "list what the other side said and somebody here still owes, the most pressing first, tests to answer among it, amendments of the accord on which it is our turn, drafts that wait for release, and what we have said that their node does not hold yet",
    )
    .requiredOption("--dir <dir>", "the party's folder, in which its node runs")
    .option("--all", "also what nothing is owed for, and acts of kinds that only a later version knows")
    .option("--json", "print as JSON")
    .action(async (options: { readonly dir: string; readonly all?: true; readonly json?: true }) => {
      const inbox = await askNode(resolve(options.dir), async (client) => {
        const lines = await client.allLines();
        const found: InboxHere[] = [];
        for (const { line, party } of lines) {
          const drafts = (await client.allDrafts(line)).filter(({ state }) => SHOWN.has(state));
          const ours = ({ next }: AmendmentView): boolean => next !== null && BY_PEOPLE.has(next.step) && next.by.includes(party);
          const amendments = (await client.accord(line)).amendments.filter(ours);
          const { unheld } = await client.debts(line);
          found.push({ unheld, ...(await client.wholeInbox(line, options.all === true ? { all: true } : {})), amendments, drafts });
        }
        return found;
      });
      if (options.json === true) printJson(inbox.length === 1 ? inbox[0] : inbox);
      else printLines(inbox.flatMap((item) => linesOf(item, options.dir)));
    });
}

/** What is owed, and what waits for one of us. */
interface InboxHere extends Inbox {
  readonly amendments: readonly AmendmentView[];
  readonly drafts: readonly DraftSummary[];
  /** What we have said and no other node holds yet. */
  readonly unheld: readonly EntryShown[];
}

/** Drafts that are somebody's turn, and those on their way. */
const SHOWN: ReadonlySet<string> = new Set(["waiting", "leaving", "released"]);
/** What a node does by itself is nobody's turn. */
const BY_PEOPLE: ReadonlySet<string> = new Set(["accept", "confirm", "take-back"]);

const linesOf = ({ items, laterKinds, amendments, drafts, unheld }: InboxHere, dir: string): readonly string[] => [
  ...(items.length === 0 ? ["nothing is owed here"] : items.map((item) => lineOf(item, dir))),
  ...(laterKinds === 0 ? [] : [`acts held of kinds that only a later version knows: ${laterKinds}  openline inbox --all --dir ${dir}`]),
  ...amendments.map(
    (item) => `${item.entry}  amendment of the accord by ${item.by}  our turn: ${item.next?.step ?? ""}  openline accord show --dir ${dir}`,
  ),
  ...drafts.map(draftLine),
  ...unheld.map((entry) => `${lineOf({ entry, owed: [], testWaits: false }, dir)}  not held by their node yet`),
];

function lineOf({ entry, owed, testWaits }: Inbox["items"][number], dir: string): string {
  const fields: Readonly<Record<string, unknown>> = entry;
  const word = (key: string): string => (typeof fields[key] === "string" ? visibleLine(fields[key]) : "");
  const debts = owed.map(({ clock, due, overdue }) => (due === null ? clock : `${clock} ${overdue ? "OVERDUE since" : "by"} ${due}`));
  const place = `${entry.log}/${entry.index}`;
  const answerIt = `test to answer: openline test-answer ${place} --dir ${dir} --quality 1-5`;
  return [
    place,
    word("precedence"),
    word("kind"),
    word("channel"),
    word("placed"),
    [...debts, ...(testWaits ? [answerIt] : [])].join(", "),
    firstWords(fields),
  ].join("  ");
}
