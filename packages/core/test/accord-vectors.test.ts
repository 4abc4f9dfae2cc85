import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  commitmentToContribution,
  decodeAccordFiles,
  digitsOf,
  encodeAccordFiles,
  fromHex,
  lineSecrets,
  openContribution,
  parseKid,
  readAccord,
  refusable,
  toHex,
} from "@openline/core";
import { nativeSuite as suite } from "../../node/src/crypto/native-suite.ts";

interface Cases<I, E> {
  readonly cases: readonly { readonly comment: string; readonly input: I; readonly expect: E }[];
}
const read = <I, E>(name: string): Cases<I, E> =>
  JSON.parse(readFileSync(new URL(`../../../vectors/accord/${name}.json`, import.meta.url), "utf8")) as Cases<I, E>;

interface Expected {
  readonly ceremony: string;
  readonly digits: string;
  readonly line: string;
  readonly parties: readonly { readonly id: string; readonly key: string; readonly accordDigest: string }[];
}
interface Input {
  readonly accord: string;
  readonly enrolled: readonly { readonly kid: string; readonly mode: string }[];
}
const valid = read<string, Expected>("valid");
const invalid = read<Input, string>("invalid");

test.each(valid.cases)("valid: $comment", ({ input, expect: expected }) => {
  const files = decodeAccordFiles(fromHex(input));
  expect(toHex(encodeAccordFiles(files))).toBe(input);
  const accord = readAccord(suite, files);
  const parties = accord.parties.map(({ id, key, accordDigest }) => ({ id, key, accordDigest: toHex(accordDigest) }));
  expect({ ceremony: accord.ceremony, digits: digitsOf(accord.ceremony), line: accord.line, parties }).toEqual(expected);
  expect(expected.digits).toMatch(/^(\d{5} ){15}\d{5}$/);
});

test.each(invalid.cases)("invalid: $comment", ({ input, expect: code }) => {
  const enrolled = new Map(input.enrolled.map(({ kid, mode }) => [parseKid(kid), mode]));
  expect(refusable(() => readAccord(suite, decodeAccordFiles(fromHex(input.accord)), enrolled))).toMatchObject({ refusal: { code } });
});

test("there are at least as many invalid as valid", () => {
  expect(invalid.cases.length).toBeGreaterThanOrEqual(valid.cases.length);
});

interface Contributions {
  readonly accord: string;
  readonly secrets: Readonly<Record<string, { readonly secret: string; readonly seal: string }>>;
  readonly given: readonly { readonly from: string; readonly to: string; readonly file: string }[];
  readonly expect: readonly { readonly party: string; readonly line: string; readonly psks: Readonly<Record<string, string>> }[];
  readonly refused: readonly { readonly comment: string; readonly to: string; readonly file: string; readonly expect: string }[];
}
const contributions = JSON.parse(
  readFileSync(new URL("../../../vectors/accord/contributions.json", import.meta.url), "utf8"),
) as Contributions;
const accord = readAccord(suite, decodeAccordFiles(fromHex(contributions.accord)));
const partyOf = (id: string) => accord.parties.find((party) => party.id === id)!;
const open = (to: string, file: string) => {
  const seed = fromHex(contributions.secrets[to]!.seal);
  return openContribution(suite, accord, { file: fromHex(file), party: partyOf(to), seed });
};

describe("contributions", () => {
  test.each(contributions.expect)("$party: what it is given makes the secrets of the line", ({ party, line, psks }) => {
    const secret = fromHex(contributions.secrets[party]!.secret);
    expect(toHex(commitmentToContribution(suite, secret))).toBe(toHex(partyOf(party).file.contribution));
    const given = contributions.given.filter((item) => item.to === party).map((item) => open(party, item.file));
    const made = lineSecrets(suite, accord, { secret, party: partyOf(party), given });
    expect(toHex(made.line)).toBe(line);
    expect(Object.fromEntries(Object.entries(made.psks).map(([peer, psk]) => [peer, toHex(psk)]))).toEqual(psks);
  });

  test("two have one key, and no third one has it", () => {
    const keys = contributions.expect.flatMap(({ party, psks }) =>
      Object.entries(psks).map(([peer, psk]) => ({ pair: [party, peer].sort().join(), psk })),
    );
    for (const { pair, psk } of keys) expect(keys.filter((item) => item.psk === psk).map((item) => item.pair)).toEqual([pair, pair]);
    expect(new Set(contributions.expect.map((item) => item.line)).size).toBe(1);
    const shares = contributions.given.map(({ to, file }) => toHex(open(to, file).pair));
    expect(new Set(shares).size).toBe(shares.length);
  });

  test.each(contributions.refused)("refused: $comment", ({ to, file, expect: code }) => {
    expect(refusable(() => open(to, file))).toMatchObject({ refusal: { code } });
  });
});
