import { readFileSync } from "node:fs";
import type { KemSuite, SignSuite, VerifySuite } from "../../src/index.ts";
import { nativeSuite } from "../../../node/src/crypto/native-suite.ts";
import { nobleSuite } from "../../../verify/src/noble-suite.ts";

/** One file of vectors/crypto. `Input` and `Expect` are as each file's own comment says; byte strings are hex. */
export interface VectorFile<Input, Expect> {
  readonly comment: string;
  readonly source: string;
  readonly cases: readonly { readonly comment: string; readonly input: Input; readonly expect: Expect }[];
}

export function vectors<Input, Expect>(name: string): VectorFile<Input, Expect>["cases"] {
  const file = JSON.parse(readFileSync(new URL(`../../../../vectors/crypto/${name}.json`, import.meta.url), "utf8")) as VectorFile<
    Input,
    Expect
  >;
  return file.cases;
}

/** Both implementations; what a reader of a record needs is in both. */
export const suites: readonly { readonly name: string; readonly suite: VerifySuite & SignSuite & KemSuite }[] = [
  { name: "native", suite: nativeSuite },
  { name: "noble", suite: nobleSuite },
];
