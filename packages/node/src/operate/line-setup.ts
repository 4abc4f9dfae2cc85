import {
  type Accord,
  type Body,
  type Draft,
  type Hand,
  type Kid,
  type Party,
  type PartyFile,
  type Post,
  type RandomBytes,
  type Suite,
  type Terms,
  type Texts,
  assert,
  ceremonyDigest,
  commitmentToContribution,
  contributionFor,
  encodePartyFile,
  encodeTerms,
  inUseNow,
  fromHex,
  kidOf,
  lineSecrets,
  possessionMessage,
  readAccord,
  signAccord,
  toHex,
} from "@openline/core";
import { type NodeKeys, publicKeys } from "../keys.ts";
import { newTlsIdentity, pinOfIdentity } from "../bearers/tls/certificate.ts";
import type { Node } from "../node.ts";
import { type Said, composeAct } from "@openline/core";

/** A whole line set up in one process: what an exercise needs and what no live line may do, since one hand holds every key. */

export interface PartyPlan {
  readonly id: string;
  readonly name: Texts;
  readonly language: string;
  readonly zone: string;
  readonly posts: readonly Post[];
}

/** What one party keeps after the ceremony. */
export interface PartySecrets {
  readonly id: string;
  readonly keys: NodeKeys;
  /** Seeds of its two directory keys. */
  readonly directory: readonly Uint8Array[];
  /** Seed of the watch key of each post. */
  readonly watch: ReadonlyMap<string, Uint8Array>;
  /** Seeds of its root holders, while they are at hand: no folder keeps them. */
  readonly roots?: readonly { readonly ed25519: Uint8Array; readonly mldsa44: Uint8Array }[];
}

const HOLDERS = 3;
const THRESHOLD = 2;

/** Makes every party's keys and files, holds the ceremony and signs the accord with two of three root holders each. */
export function setUpLine(
  suite: Suite,
  random: RandomBytes,
  terms: Terms,
  plans: readonly PartyPlan[],
): { readonly accord: Accord; readonly secrets: readonly PartySecrets[] } {
  const made = plans.map((plan) => makeParty(suite, random, plan));
  const termsFile = encodeTerms(terms);
  const ceremony = ceremonyDigest(
    suite,
    termsFile,
    made.map(({ file, bytes }) => ({ id: file.id, file: bytes })),
  );
  const signatures = made.flatMap(({ file, roots }) =>
    roots.slice(0, THRESHOLD).map((seeds, holder) => ({ party: file.id, holder, ...signAccord(suite, seeds, ceremony) })),
  );
  const accord = readAccord(suite, { terms: termsFile, parties: made.map(({ bytes }) => bytes), signatures });
  const partyOf = (id: string): Party => {
    const found = accord.parties.find((party) => party.id === id);
    assert(found !== undefined, "every plan is a party of the terms");
    return found;
  };
  const secrets = made.map((own): PartySecrets => {
    const party = partyOf(own.secrets.id);
    const given = made
      .filter((other) => other !== own)
      .map(({ contribution: secret, file: { id } }) => contributionFor(suite, accord, { secret, from: partyOf(id), to: party }));
    const { line, psks } = lineSecrets(suite, accord, { secret: own.contribution, party, given });
    return { ...own.secrets, keys: { ...own.keys, psks, lineSecret: line } };
  });
  return { accord, secrets };
}

function makeParty(suite: Suite, random: RandomBytes, plan: PartyPlan) {
  const identity = newTlsIdentity(random);
  const keys = {
    node: random(32),
    log: { ed25519: random(32), mldsa44: random(32) },
    mirror: random(32),
    seal: random(32),
    tls: identity,
  };
  const contribution = random(32);
  const directory = [random(32), random(32)];
  const roots = Array.from({ length: HOLDERS }, () => ({ ed25519: random(32), mldsa44: random(32) }));
  const file: PartyFile = {
    version: 1,
    base: null,
    id: plan.id,
    name: plan.name,
    language: plan.language,
    zone: plan.zone,
    incarnation: random(8),
    root: {
      threshold: THRESHOLD,
      holders: roots.map((seeds) => ({ ed25519: suite.ed25519Public(seeds.ed25519), mldsa44: suite.mldsa44Public(seeds.mldsa44) })),
    },
    ...publicKeys(suite, keys),
    tls: [fromHex(pinOfIdentity(identity))],
    addresses: [],
    contribution: commitmentToContribution(suite, contribution),
    directory: directory.map((seed) => ({ key: suite.ed25519Public(seed), person: random(32) })),
    posts: plan.posts,
    hours: null,
    holidays: [],
  };
  const watch = new Map(plan.posts.map((post) => [post.id, random(32)]));
  return { file, bytes: encodePartyFile(file), roots, keys, contribution, secrets: { id: plan.id, directory, watch, roots } };
}

/** Gives each post its watch key: one `post-assign` for each, signed by the first directory key. */
export async function assignPosts(node: Node, secrets: PartySecrets): Promise<void> {
  const { suite, world } = node.options;
  const [seed] = secrets.directory;
  assert(seed !== undefined, "a party has two directory keys");
  const hand = { ...handOf(suite, seed), role: "author" as const };
  for (const [post, watchSeed] of secrets.watch) {
    const key = suite.ed25519Public(watchSeed);
    const possession = suite.signEd25519(watchSeed, possessionMessage(node.options.accord.line, node.options.party.key, key));
    const person = toHex(world.random(32));
    await submitDraft(node, { kind: "post-assign", facts: { key, posts: [post], person: parsePerson(person), possession } }, [hand]);
  }
}

const parsePerson = (hex: string) => hex as NonNullable<Draft["facts"]["person"]>;

export function handOf(suite: Suite, seed: Uint8Array): { readonly kid: Kid; readonly sign: (message: Uint8Array) => Uint8Array } {
  return { kid: kidOf(suite, suite.ed25519Public(seed)), sign: (message) => suite.signEd25519(seed, message) };
}

/** Signs an act for this node's party and submits it. */
export async function submitDraft(node: Node, said: Said, hands: readonly Hand[], body?: Body): ReturnType<Node["submit"]> {
  const { suite, accord, party, world } = node.options;
  const log = node.record.logs.get(node.own.log);
  const { accordDigest } = log === undefined ? party : inUseNow(log).party;
  const by = { suite, random: world.random, line: accord.line, party: party.key, accordDigest };
  const { act, disclosure } = composeAct({ ...by, now: world.clock.now(), logTime: node.own.time }, said, hands, body);
  return node.submit(act, disclosure);
}
