import type { Progress, Step } from "@openline/node/operate";

/** A ceremony's progress in words: what is done, whose turn it is, what to do. */
export function progressLines(progress: Progress, dir: string): readonly string[] {
  const { party, mode, parties, absent, inForce, steps, next } = progress;
  const mine = next.filter((step) => step.by === party || step.by === "all");
  const theirs = next.filter((step) => step.by !== party && step.by !== "all");
  return [
    `${mode === "exercise" ? "EXERCISE " : ""}line of ${parties.map(({ id }) => id).join(" and ")}, as ${party} sees it`,
    ...(absent === null ? [] : [`kept by ${party} alone: whatever it says of ${absent} is its own account`]),
    ...steps.map((step) => `  ${step.done ? "[x]" : "[ ]"} ${stepWords(step, party)}`),
    "",
    ...(inForce ? inForceLines(dir) : []),
    ...(mine.length > 0 ? ["Your turn:", ...mine.flatMap((step) => todo(step, progress, dir)).map((line) => `  ${line}`)] : []),
    ...(theirs.length > 0
      ? [
          `Waiting for ${[...new Set(theirs.map((step) => step.by))].join(" and ")}:`,
          ...theirs.flatMap((step) => awaited(step, { own: party, dir })).map((line) => `  ${line}`),
        ]
      : []),
    ...handOverLines(progress),
  ];
}

/** By name, so that a screen tells them apart from paths to type. The last step keeps them: a medium gets lost, a courier is stopped. */
function handOverLines({ handOver }: Progress): readonly string[] {
  return handOver.length === 0 ? [] : ["For the other side, if they have not got it (by hand):", ...handOver.map((file) => `  ${file}`)];
}

function stepWords({ step, by, count }: Step, own: string): string {
  const of = count === undefined ? "" : ` (${count[0]} of ${count[1]})`;
  const who = by === own ? "ours" : by;
  switch (step) {
    case "party-file":
      return by === "all" ? "party file of the other side" : `party file: ${who}`;
    case "terms":
      return "terms";
    case "accept":
      return "terms accepted here";
    case "compare":
      return by === own ? "80 digits read by our own root holders" : "80 digits compared with the other side";
    case "sign":
      return `signed by our root holders${of}`;
    case "signatures":
      return `signatures: ${who}${of}`;
    case "contribution":
      return `secret contribution: ${who}`;
    case "enter":
      return "accord in force here";
  }
}

function todo({ step, by, count }: Step, { party, absent }: Progress, dir: string): readonly string[] {
  switch (step) {
    case "party-file":
      return by === "all" ? [`hand over ${dir}/out/${party}.party, take theirs: openline accord import --dir ${dir} FILE`] : [];
    case "terms":
      if (absent !== null)
        return [`openline accord draft --dir ${dir} > terms.yaml, change it, openline accord propose --dir ${dir} --terms terms.yaml`];
      return [
        "agree who writes the terms. Here:",
        `  openline accord draft --dir ${dir} > terms.yaml, change it, openline accord propose --dir ${dir} --terms terms.yaml,`,
        `  and hand over ${dir}/out/line.terms. Or there: openline accord import --dir ${dir} line.terms`,
      ];
    case "accept":
      return [`read them: openline accord show --dir ${dir} --terms. If you agree: openline accord accept --dir ${dir}`];
    case "compare":
      if (absent !== null)
        return [
          `openline accord digest --dir ${dir} shows 80 digits: what our root holders are about to sign. Each reads them.`,
          `Then: openline accord confirm --dir ${dir} --digits "THE DIGITS"`,
        ];
      return [
        `openline accord digest --dir ${dir} shows 80 digits. Call the other side on a way you trust; each reads all of them.`,
        `If they are the same: openline accord confirm --dir ${dir} --digits "WHAT THEY READ"`,
      ];
    case "sign":
      return [`${(count?.[1] ?? 0) - (count?.[0] ?? 0)} more of our root holders: openline accord sign --dir ${dir} --key ROOT-KEY`];
    case "enter":
      return [`openline accord confirm --dir ${dir}`];
    case "signatures":
    case "contribution":
      return [];
  }
}

function awaited({ step, by, count }: Step, { own, dir }: { readonly own: string; readonly dir: string }): readonly string[] {
  const take = `openline accord import --dir ${dir}`;
  switch (step) {
    case "party-file":
      return [`their party file: ${take} ${by}.party`];
    case "signatures":
      return [`their signatures, ${count?.[0] ?? 0} of ${count?.[1] ?? 0} are here: ${take} ${by}.signatures`];
    case "contribution":
      return [`their contribution, in the hand of somebody you trust: ${take} ${by}-to-${own}.contribution`];
    case "terms":
    case "accept":
    case "compare":
    case "sign":
    case "enter":
      return [];
  }
}

const inForceLines = (dir: string): readonly string[] => [
  "The accord is in force here.",
  `Next: give a post its watch key (openline post assign --dir ${dir}), start the node, and make the first exchange a test.`,
];
