import { expect } from "vitest";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openlineHere as openline } from "../../packages/cli/test/run-here.ts";

/** A live line of two parties between two folders, set up by the ceremony of docs/operating/ceremony.md with plain keys. */
export interface LiveLine {
  /** The folder of a party's line. */
  readonly folder: (party: string) => string;
  /** The watch key of its duty officer. */
  readonly watchKey: (party: string) => string;
}

/** `edit`, `describe`: what somebody changes in the drafted terms before they are proposed, and in each party's drafted description. */
export async function liveLine(
  dir: string,
  parties: readonly [string, string] = ["north", "south"],
  languages: readonly string[] = ["en"],
  edit: (terms: string) => string = (terms) => terms,
  describe: (party: string) => string = (party) => party,
): Promise<LiveLine> {
  const folder = (party: string): string => join(dir, party);
  const watchKey = (party: string): string => join(dir, `${party}-watch.key`);
  const run = async (...args: readonly string[]): Promise<string> => {
    const ran = await openline(args);
    expect([args, ran.code, ran.err.replaceAll(/^openline: keys are written WITHOUT protection.*\n/gm, "")]).toEqual([args, 0, ""]);
    return ran.out;
  };
  const [first, second] = parties;
  for (const party of parties) {
    const file = join(dir, `${party}.yaml`);
    writeFileSync(file, describe(await run("init", "--draft", party)));
    await run("init", "--dir", folder(party), "--party", file, "--plain-keys");
  }
  const other = (party: string): string => (party === first ? second : first);
  for (const party of parties)
    await run("accord", "import", "--dir", folder(party), join(folder(other(party)), "out", `${other(party)}.party`));
  const terms = join(dir, "terms.yaml");
  const inAll = languages.flatMap((language) => ["--language", language]);
  const drafted = await run("accord", "draft", "--dir", folder(first), ...inAll, "--channel", "hotline", "--from", "2026-01-01");
  writeFileSync(terms, edit(drafted));
  await run("accord", "propose", "--dir", folder(first), "--terms", terms);
  await run("accord", "import", "--dir", folder(second), join(folder(first), "out", "line.terms"));
  await run("accord", "accept", "--dir", folder(second));
  const { digits } = JSON.parse(await run("accord", "digest", "--dir", folder(first), "--json")) as { digits: string };
  for (const party of parties) {
    await run("accord", "confirm", "--dir", folder(party), "--digits", digits);
    for (const holder of ["root-1", "root-2"])
      await run("accord", "sign", "--dir", folder(party), "--key", join(`${folder(party)}-keys`, `${holder}.key`));
  }
  for (const party of parties) {
    const from = other(party);
    const out = join(folder(from), "out");
    await run("accord", "import", "--dir", folder(party), join(out, `${from}.signatures`), join(out, `${from}-to-${party}.contribution`));
  }
  for (const party of parties) {
    await run("accord", "confirm", "--dir", folder(party));
    const keys = ["--directory-key", join(`${folder(party)}-keys`, "directory-1.key"), "--out", watchKey(party), "--plain-keys"];
    await run(
      "post",
      "assign",
      "--dir",
      folder(party),
      "--post",
      "duty-officer",
      "--person",
      "First",
      "--until",
      "2099-12-31T06:00:00Z",
      ...keys,
    );
  }
  return { folder, watchKey };
}
