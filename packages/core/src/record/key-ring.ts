import { type Accord, type Party, keysOf, kidOf, presentParties } from "../accord/accord.ts";
import type { PartyFile } from "../accord/party-file.ts";
import type { VerifySuite } from "../crypto/suite.ts";
import { toHex } from "../encoding/bytes.ts";
import type { Header } from "../entry/act.ts";
import type { Kid } from "../ids.ts";

/** The keys one log has enrolled, and where each began and ended to count. A revocation acts on later positions only. */
export interface RingKey {
  readonly kid: Kid;
  readonly key: Uint8Array;
  readonly may: "node" | "directory" | "post";
  /** Salted commitment to the person; null for the node. */
  readonly person: string | null;
  readonly posts: readonly string[];
  /** Last second at which it may sign; null: no end. */
  readonly until: number | null;
  /** Counts from the entry after this index; −1: from the accord. */
  readonly since: number;
  revokedAt: number | null;
}

export class KeyRing {
  readonly keys: Map<Kid, RingKey>;
  /** Every key that a later party file names, those that sign no acts among them, with the index from which it is taken. */
  readonly named: Map<Kid, number> = new Map();
  constructor(keys: Iterable<RingKey>) {
    this.keys = new Map([...keys].map((key) => [key.kid, key]));
  }

  add(key: RingKey): void {
    this.keys.set(key.kid, key);
  }

  /** What a control act with effect at `index` does to the keys. */
  apply(suite: VerifySuite, { kind, facts }: Pick<Header, "kind" | "facts">, index: number): void {
    if (kind === "key-revoke") {
      const key = facts.kid === undefined ? undefined : this.keys.get(facts.kid);
      if (key !== undefined && key.revokedAt === null) key.revokedAt = index;
    }
    if ((kind !== "post-assign" && kind !== "key-add") || facts.key === undefined) return;
    const kid = kidOf(suite, facts.key);
    const may = kind === "post-assign" ? "post" : facts.purpose === "directory" ? "directory" : "node";
    const person = facts.person ?? null;
    this.add({ kid, key: facts.key, may, person, posts: facts.posts ?? [], until: facts.until ?? null, since: index, revokedAt: null });
  }

  /** Goes over to a new party file in force at `index`: its keys count from there on, those that it leaves out no longer. */
  replace(suite: VerifySuite, files: { readonly before: PartyFile; readonly after: PartyFile }, index: number): void {
    const after = keysOfFile(suite, files.after, index);
    const kept = new Set(after.map(({ kid }) => kid));
    for (const { kid } of keysOfFile(suite, files.before, index)) {
      const key = this.keys.get(kid);
      if (!kept.has(kid) && key !== undefined) key.revokedAt ??= index;
    }
    for (const key of after) if (!this.keys.has(key.kid)) this.add(key);
    for (const key of keysOf(files.after)) this.named.set(kidOf(suite, key), index);
  }

  /** The ring a `restored` log starts with: what counted at size `size` of the log it closes. */
  carriedOver(size: number): KeyRing {
    const carried = [...this.keys.values()].filter((key) => key.since < size);
    const ring = new KeyRing(
      carried.map((key) => ({ ...key, since: -1, revokedAt: key.revokedAt !== null && key.revokedAt < size ? -1 : null })),
    );
    for (const [kid, index] of this.named) if (index < size) ring.named.set(kid, -1);
    return ring;
  }
}

/** The ring of a party's first log: the keys its party file names. */
export const firstRing = (suite: VerifySuite, party: Party): KeyRing => new KeyRing(keysOfFile(suite, party.file, -1));

/** The keys of a party file that sign acts: the node's and the directory's. */
function keysOfFile(suite: VerifySuite, file: PartyFile, since: number): readonly RingKey[] {
  const base = { posts: [], until: null, since, revokedAt: null };
  const node: RingKey = { ...base, kid: kidOf(suite, file.node), key: file.node, may: "node", person: null };
  const directory = file.directory.map(({ key, person }): RingKey => ({
    ...base,
    kid: kidOf(suite, key),
    key,
    may: "directory",
    person: toHex(person),
  }));
  return [node, ...directory];
}

/** The kids an accord itself uses: none of them may be enrolled again. */
export function kidsOfAccord(suite: VerifySuite, accord: Accord): Set<Kid> {
  return new Set(
    presentParties(accord)
      .flatMap(({ file }) => keysOf(file))
      .map((key) => kidOf(suite, key)),
  );
}
