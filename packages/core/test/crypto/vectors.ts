import { readFileSync } from "node:fs";
import type { KemSuite, SignSuite, VerifySuite } from "../../src/index.ts";
import { opensslEd25519 } from "../../../node/src/crypto/ed25519-openssl.ts";
import { sodiumEd25519 } from "../../../node/src/crypto/ed25519-sodium.ts";
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

/** Every implementation; what a reader of a record needs is in all of them. `nativeSuite` is one of the first two. */
export const suites: readonly { readonly name: string; readonly suite: VerifySuite & SignSuite & KemSuite }[] = [
  { name: "native, libsodium", suite: { ...nativeSuite, ...sodiumEd25519 } },
  { name: "native, OpenSSL", suite: { ...nativeSuite, ...opensslEd25519 } },
  { name: "noble", suite: nobleSuite },
];
