import { randomBytes } from "node:crypto";
import {
  type Accord,
  type Kid,
  OpenlineError,
  kidOf,
  type Party,
  type Result,
  type UnixMillis,
  type UnixSeconds,
  parseDigest,
  parsePostId,
  possessionMessage,
  toHex,
} from "@openline/core";
import { nativeSuite } from "../crypto/native-suite.ts";
import { Node, type Receipt } from "../node.ts";
import { type Said, composeAct } from "@openline/core";
import { type Unlock, type Unlocker, loadKeyFile, personCommitment, sealKeyFile, writeSecretly } from "./key-file.ts";
import { decodePersonSecret, encodePersonSecret } from "./make-party.ts";
import { type LiveLine, type SigningKey, openLine } from "./open-line.ts";

/** What directory keys do: give a post its watch key for a shift, enrol a key, take one away. Each function makes what is said;
 *  who submits it, a running node or `placeHere`, is another matter. */

const random = (count: number): Uint8Array => new Uint8Array(randomBytes(count));

export interface WatchKeyMade {
  readonly said: Said;
  readonly kid: Kid;
  /** Public key, 32 bytes. */
  readonly key: Uint8Array;
}

/** Makes a watch key and the files that go with it: the officer's key, and beside it what the party's auditor needs to open the
 *  commitment to the person. Both are sealed the same way. */
export async function makeWatchKey(
  { accord, party }: { readonly accord: Accord; readonly party: Party },
  shift: {
    readonly posts: readonly string[];
    readonly person: string;
    readonly salt?: Uint8Array | undefined;
    readonly until: UnixSeconds;
    readonly out: string;
    readonly protect: Unlock;
  },
): Promise<WatchKeyMade> {
  const unknown = shift.posts.find((post) => !party.file.posts.some((item) => item.id === post));
  if (unknown !== undefined)
    throw new OpenlineError("usage", `${party.id} has no post ${unknown}; it has ${party.file.posts.map((post) => post.id).join(", ")}`);
  const seed = random(32);
  const key = nativeSuite.ed25519Public(seed);
  const label = { kind: "watch" as const, party: party.id, name: nameOf(shift.posts), public: key };
  await writeSecretly(shift.out, await sealKeyFile(label, seed, shift.protect), false);
  const possession = nativeSuite.signEd25519(seed, possessionMessage(accord.line, party.key, key));
  const said = await giveWatchKey(party.id, { ...shift, out: `${shift.out}.person`, key, possession });
  return { said, kid: kidOf(nativeSuite, key), key };
}

const nameOf = (posts: readonly string[]): string => posts.join("+").slice(0, 64);

/** Gives posts to a key, wherever it was made and is kept: the person is named here, and the opening of that commitment lies in `out` for
 *  the party's auditor. `key`: Ed25519, 32 bytes. `possession`: its signature of `possessionMessage`, 64 bytes. Throws `OpenlineError` `usage` where
 *  `out` is there already. `salt`: of the commitment that this person's other key stands under, 16 bytes. Then both are one person's on every
 *  record, and what one of them drafted the other never releases. */
export async function giveWatchKey(
  party: string,
  shift: {
    readonly posts: readonly string[];
    readonly person: string;
    readonly salt?: Uint8Array | undefined;
    readonly until: UnixSeconds;
    readonly out: string;
    readonly protect: Unlock;
    readonly key: Uint8Array;
    readonly possession: Uint8Array;
  },
): Promise<Said> {
  const { key, possession, until } = shift;
  const person = { salt: shift.salt ?? random(16), name: shift.person.normalize("NFC") };
  const commitment = personCommitment(person.salt, person.name);
  const label = { kind: "person" as const, party, name: nameOf(shift.posts), public: commitment };
  await writeSecretly(shift.out, await sealKeyFile(label, encodePersonSecret(person), shift.protect), false);
  return {
    kind: "post-assign",
    facts: { key, posts: shift.posts.map(parsePostId), person: parseDigest(toHex(commitment)), until, possession },
  };
}

/** The salt under which a `.person` file names this person, 16 bytes. Throws `OpenlineError` `usage` where it opens another commitment. */
export async function saltOfPerson(
  path: string,
  { party, person }: { readonly party: string; readonly person: string },
  unlocker: Unlocker,
): Promise<Uint8Array> {
  const { label, secret } = await loadKeyFile(path, unlocker);
  if (label.kind !== "person" || label.party !== party)
    throw new OpenlineError("usage", `${path} is a ${label.kind} key of ${label.party}; a .person file of ${party} is needed`);
  const { salt, name } = decodePersonSecret(secret);
  if (name !== person.normalize("NFC")) throw new OpenlineError("usage", `${path} names another person`);
  return salt;
}

/** A new directory key and the opening of its person's commitment, each in a file of its own. */
export async function makeDirectoryKey(of: {
  readonly party: string;
  readonly name: string;
  readonly person: string;
  readonly out: string;
  readonly protect: Unlock;
}): Promise<void> {
  const seed = random(32);
  const person = { salt: random(16), name: of.person.normalize("NFC") };
  const commitment = personCommitment(person.salt, person.name);
  const label = { party: of.party, name: of.name };
  const sealed = await sealKeyFile({ ...label, kind: "directory", public: nativeSuite.ed25519Public(seed) }, seed, of.protect);
  const opening = await sealKeyFile({ ...label, kind: "person", public: commitment }, encodePersonSecret(person), of.protect);
  await writeSecretly(of.out, sealed, false);
  await writeSecretly(`${of.out}.person`, opening, false);
}

/** A new directory key: its holder shows it, and two persons of the directory sign. */
export function sayKeyAdd(
  { accord, party }: { readonly accord: Accord; readonly party: Party },
  added: SigningKey,
  person: Uint8Array,
): Said {
  const key = added.label.public;
  const possession = nativeSuite.signEd25519(added.seed, possessionMessage(accord.line, party.key, key));
  return { kind: "key-add", facts: { key, purpose: "directory", person: parseDigest(toHex(person)), possession } };
}

export const sayKeyRevoke = (revoked: Kid): Said => ({ kind: "key-revoke", facts: { kid: revoked } });

/** Author, and releaser where two persons are asked. */
export const handsOf = (keys: readonly SigningKey[]) =>
  keys.map(({ kid: by, sign }, i) => ({ kid: by, sign, role: i === 0 ? ("author" as const) : ("releaser" as const) }));

/** Places an act in a folder whose node does not run, before the first exchange with another party: the first watch keys of a line.
 *  Once another party holds anything of our log, only the running node places, since it alone can ask whether this machine was rolled back.
 *  Throws `OpenlineError`. */
export async function placeHere(options: {
  readonly dir: string;
  readonly unlocker: Unlocker;
  readonly now: UnixMillis;
  readonly said: Said;
  readonly keys: readonly SigningKey[];
}): Promise<Result<Receipt>> {
  const line = await openLine(options.dir, options.unlocker);
  try {
    const node = await nodeOf(line, options.now);
    const own = line.accord.parties.indexOf(line.party);
    if (node.record.logsOf.some((logs, i) => i !== own && logs.some(({ id }) => node.record.readTo(id) > 0)))
      throw new OpenlineError("not-running", "the line is in use: start the node with openline up, and say it again");
    const by = {
      suite: nativeSuite,
      random,
      line: line.accord.line,
      party: line.party.key,
      accordDigest: line.party.accordDigest,
      now: options.now,
      logTime: node.own.time,
    };
    const { act, disclosure } = composeAct(by, options.said, handsOf(options.keys));
    return await node.submit(act, disclosure);
  } finally {
    await line.store.close();
    await line.second.close();
  }
}

function nodeOf({ accord, party, keys, store, second, enrolled }: LiveLine, now: UnixMillis): Promise<Node> {
  return Node.open({
    suite: nativeSuite,
    accord,
    party,
    keys,
    store,
    second,
    enrolled,
    world: { clock: { now: () => now }, random },
    receiptDelayMs: 0,
    unprompted: false,
  });
}
