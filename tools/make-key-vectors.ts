/** Writes vectors/key-files/valid.json and invalid.json: key files with fixed salts and nonces, and ones that a reader refuses.
 *  Run: `node --conditions=openline-source tools/make-key-vectors.ts`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { type Cbor, decode, encode, toHex, utf8 } from "@openline/core";
import { nativeSuite as suite } from "@openline/node";
import { type KeyLabel, type Unlock, sealKeyFile } from "../packages/node/src/operate/key-file.ts";

const seedOf = (name: string): Uint8Array => suite.sha256(utf8(`openline key vector ${name}`));
/** Salts from the name, and the least work a reader takes: vectors protect nothing. */
const fixed = (name: string) => ({ random: (count: number) => seedOf(`${name} ${count}`).slice(0, count), logN: 14 });

const label: KeyLabel = { kind: "watch", party: "north", name: "duty-officer", public: suite.ed25519Public(seedOf("watch")) };
const passphrase: Unlock = { by: "passphrase", passphrase: "correct horse battery staple" };
const credential: Unlock = { by: "credential", secret: seedOf("credential") };

const cases: readonly [string, KeyLabel, Uint8Array, Unlock][] = [
  ["a watch key under a passphrase", label, seedOf("watch"), passphrase],
  [
    "a passphrase that is not ASCII: NFC of it counts",
    label,
    seedOf("watch"),
    { by: "passphrase", passphrase: "nai\u0308ve 值班军官的口令" },
  ],
  ["a node key under a credential", { ...label, kind: "node", name: "node" }, seedOf("node"), credential],
  ["an exercise's key without protection", label, seedOf("watch"), { by: "none" }],
];
const shown = (unlock: Unlock) => (unlock.by === "credential" ? { by: unlock.by, secret: toHex(unlock.secret) } : unlock);

const good = await sealKeyFile(label, seedOf("watch"), passphrase, fixed("invalid"));
const map = (file: Uint8Array): Map<string, Cbor> => new Map(decode(file) as Map<string, Cbor>);
const changed = (key: string, value: Cbor): Uint8Array => encode(map(good).set(key, value));
const scrypt = (key: string, value: Cbor): Uint8Array =>
  changed("protection", new Map(map(good).get("protection") as Map<string, Cbor>).set(key, value));
const sealed = map(good).get("sealed") as Uint8Array;

const invalid: readonly [string, string, Uint8Array, Unlock?][] = [
  ["another passphrase", "locked", good, { by: "passphrase", passphrase: "correct horse battery stapler" }],
  ["a credential for a file under a passphrase", "locked", good, credential],
  ["another kind than was sealed", "locked", changed("kind", "directory")],
  ["another party than was sealed", "locked", changed("party", "south")],
  ["another name than was sealed", "locked", changed("name", "minister")],
  ["another public key than was sealed", "locked", changed("public", seedOf("other"))],
  ["another salt", "locked", scrypt("salt", seedOf("salt").slice(0, 16))],
  ["another nonce", "locked", changed("nonce", seedOf("nonce").slice(0, 12))],
  [
    "one byte of what is sealed changed",
    "locked",
    changed(
      "sealed",
      sealed.map((byte, i) => (i === 3 ? byte ^ 1 : byte)),
    ),
  ],
  ["what is sealed cut short", "locked", changed("sealed", sealed.slice(0, 8))],
  ["scrypt that asks for 1 GiB", "malformed", scrypt("logN", 20)],
  ["scrypt that is too quick", "malformed", scrypt("logN", 13)],
  ["scrypt with another block size", "malformed", scrypt("r", 1)],
  ["scrypt with too many lanes", "malformed", scrypt("p", 5)],
  ["scrypt without a lane", "malformed", scrypt("p", 0)],
  ["scrypt parameters beside a credential", "malformed", scrypt("by", "credential")],
  ["a kind that is none", "malformed", changed("kind", "king")],
  ["a key that nobody specified", "malformed", changed("more", 1)],
  ["a later version", "unsupported-version", changed("version", 0)],
  ["a file that ends early", "truncated", good.slice(0, -1)],
  ["a file that is too long", "oversized", changed("sealed", new Uint8Array(65_536))],
];

const folder = new URL("../vectors/key-files/", import.meta.url);
mkdirSync(folder, { recursive: true });
const write = (name: string, comment: string, list: readonly unknown[]): void =>
  writeFileSync(new URL(name, folder), `${JSON.stringify({ comment, source: "docs/spec/key-files.md", cases: list }, null, 1)}\n`);
const valid = [];
for (const [comment, of, secret, unlock] of cases) {
  const file = await sealKeyFile(of, secret, unlock, fixed(comment));
  const { kind, party, name } = of;
  valid.push({
    comment,
    input: { file: toHex(file), unlock: shown(unlock) },
    expect: { kind, party, name, public: toHex(of.public), secret: toHex(secret) },
  });
}
write("valid.json", "Key files in hex, and what opens them.", valid);
write(
  "invalid.json",
  "Key files that do not open: the code of the refusal, or `locked`.",
  invalid.map(([comment, code, file, unlock]) => ({
    comment,
    input: { file: toHex(file), unlock: shown(unlock ?? passphrase) },
    expect: code,
  })),
);
