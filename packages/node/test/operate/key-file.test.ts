import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { OpenlineError, RefusedInput, fromHex, toHex } from "@openline/core";
import {
  type KeyLabel,
  type Unlock,
  labelOf,
  loadKeyFile,
  openKeyFile,
  personCommitment,
  protectAnew,
  sealKeyFile,
  writeSecretly,
} from "../../src/operate/key-file.ts";

interface UnlockCase {
  readonly by: "passphrase" | "credential" | "none";
  readonly passphrase?: string;
  readonly secret?: string;
}
interface Cases<E> {
  readonly cases: readonly {
    readonly comment: string;
    readonly input: { readonly file: string; readonly unlock: UnlockCase };
    readonly expect: E;
  }[];
}
const read = <E>(name: string): Cases<E> =>
  JSON.parse(readFileSync(new URL(`../../../../vectors/key-files/${name}.json`, import.meta.url), "utf8")) as Cases<E>;
const unlockOf = ({ by, passphrase, secret }: UnlockCase): Unlock =>
  by === "passphrase" ? { by, passphrase: passphrase! } : by === "credential" ? { by, secret: fromHex(secret!) } : { by };

const valid = read<Record<"kind" | "party" | "name" | "public" | "secret", string>>("valid");
const invalid = read<string>("invalid");

test.each(valid.cases)("opens: $comment", async ({ input, expect: expected }) => {
  const { label, secret } = await openKeyFile(fromHex(input.file), async () => unlockOf(input.unlock));
  expect({ ...label, public: toHex(label.public), secret: toHex(secret) }).toMatchObject(expected);
});

test.each(invalid.cases)("does not open: $comment", async ({ input, expect: code }) => {
  const opening = openKeyFile(fromHex(input.file), async () => unlockOf(input.unlock)).then(
    () => "opened",
    (error: unknown) => (error instanceof RefusedInput ? error.refusal.code : error instanceof OpenlineError ? error.code : String(error)),
  );
  expect(await opening).toBe(code);
});

const dir = mkdtempSync(join(tmpdir(), "openline-keys-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const label: KeyLabel = { kind: "node", party: "north", name: "node", public: new Uint8Array(32) };
const credential: Unlock = { by: "credential", secret: new Uint8Array(32).fill(7) };
const codeOf = (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => undefined,
    (error: unknown) => (error as OpenlineError).code,
  );

describe("on disk", () => {
  test("a key file is its owner's alone, and one that is not is not read", async () => {
    const path = join(dir, "owner.key");
    await writeSecretly(path, await sealKeyFile(label, Uint8Array.of(1, 2, 3), credential), false);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(toHex((await loadKeyFile(path, async () => credential)).secret)).toBe("010203");
    for (const mode of [0o640, 0o604, 0o660]) {
      chmodSync(path, mode);
      expect(await codeOf(loadKeyFile(path, async () => credential))).toBe("exposed");
    }
  });

  test("an existing file is left as it is, and nothing half written stays", async () => {
    const path = join(dir, "there.key");
    await writeSecretly(path, Uint8Array.of(1), false);
    expect(await codeOf(writeSecretly(path, Uint8Array.of(2), false))).toBe("usage");
    expect([...readFileSync(path)]).toEqual([1]);
    expect(readdirSync(dir).filter((name) => name.endsWith(".new"))).toEqual([]);
  });

  test("the same secret under another protection; the old one opens it no more", async () => {
    const path = join(dir, "anew.key");
    await writeSecretly(path, await sealKeyFile(label, Uint8Array.of(9), credential), false);
    const passphrase: Unlock = { by: "passphrase", passphrase: "a passphrase of its own" };
    await protectAnew(path, async () => credential, passphrase);
    expect(labelOf(readFileSync(path)).protection).toBe("passphrase");
    expect(await codeOf(loadKeyFile(path, async () => credential))).toBe("locked");
    expect([...(await loadKeyFile(path, async () => passphrase)).secret]).toEqual([9]);
  });

  test("what is no key file is said to be damaged", async () => {
    const path = join(dir, "none.key");
    writeFileSync(path, "nothing", { mode: 0o600 });
    expect(await codeOf(loadKeyFile(path, async () => credential))).toBe("damaged");
  });
});

test.each([[{ by: "passphrase", passphrase: "short" } as const], [{ by: "credential", secret: new Uint8Array(31) } as const]])(
  "too weak to protect anything: %j",
  async (unlock) => {
    expect(await codeOf(sealKeyFile(label, Uint8Array.of(1), unlock))).toBe("usage");
  },
);

test("a person's commitment hides the name and binds it", () => {
  const salt = new Uint8Array(16).fill(1);
  expect(toHex(personCommitment(salt, "A"))).not.toBe(toHex(personCommitment(salt, "B")));
  expect(toHex(personCommitment(salt, "A"))).not.toBe(toHex(personCommitment(new Uint8Array(16), "A")));
  expect(toHex(personCommitment(salt, "e\u0301"))).toBe(toHex(personCommitment(salt, "é")));
});
