import {
  type Accord,
  type ChannelTerms,
  type PartyFile,
  type Terms,
  type Texts,
  ceremonyDigest,
  encodePartyFile,
  encodeTerms,
  kidOf,
  readAccord,
  signAccord,
  utf8,
} from "@openline/core";
import { nativeSuite as suite } from "../../node/src/crypto/native-suite.ts";

/** Accords for tests and vectors, every key from a fixed seed. */
export const EPOCH_S: number = 1_700_000_000;

export const en = (text: string): Texts => ({ en: text });
export const hashed = (text: string): Uint8Array => suite.sha256(utf8(text));
export const seedOf = (text: string): Uint8Array => hashed(`openline test seed ${text}`);

export interface Key {
  readonly seed: Uint8Array;
  readonly key: Uint8Array;
  readonly kid: string;
}
export function keyOf(name: string): Key {
  const seed = seedOf(name);
  const key = suite.ed25519Public(seed);
  return { seed, key, kid: kidOf(suite, key) };
}

export interface Side {
  readonly id: string;
  readonly node: Key;
  readonly log: Key;
  readonly mirror: Key;
  readonly directory: readonly [Key, Key];
  readonly root: { readonly ed25519: Uint8Array; readonly mldsa44: Uint8Array };
  readonly mldsaSeed: Uint8Array;
  readonly file: PartyFile;
}

const POSTS = ["watch", "minister"] as const;

function side(id: string, channels: readonly string[]): Side {
  const key = (name: string): Key => keyOf(`${id}/${name}`);
  const mldsaSeed = seedOf(`${id}/log-mldsa`);
  const root = { ed25519: seedOf(`${id}/root`), mldsa44: seedOf(`${id}/root-mldsa`) };
  const [log, node, mirror] = [key("log"), key("node"), key("mirror")];
  const directory: [Key, Key] = [key("directory-a"), key("directory-b")];
  const file: PartyFile = {
    version: 1,
    base: null,
    id,
    name: en(`Party ${id}`),
    language: "en",
    zone: "UTC",
    incarnation: hashed(`${id}/incarnation`).slice(0, 8),
    root: { threshold: 1, holders: [{ ed25519: suite.ed25519Public(root.ed25519), mldsa44: suite.mldsa44Public(root.mldsa44) }] },
    log: { ed25519: log.key, mldsa44: suite.mldsa44Public(mldsaSeed) },
    node: node.key,
    mirror: mirror.key,
    seal: suite.xwingPublic(seedOf(`${id}/seal`)),
    tls: [],
    addresses: [],
    contribution: hashed(`${id}/contribution`),
    directory: directory.map((entry, i) => ({ key: entry.key, person: hashed(`${id}/person-${i}`) })),
    posts: POSTS.map((post) => ({ id: post, name: en(post), channels, principal: post === "minister", deputy: null })),
    hours: null,
    holidays: [],
  };
  return { id, node, log, mirror, directory, root, mldsaSeed, file };
}

export const channel = (number: number, id: string, more: Partial<ChannelTerms> = {}): ChannelTerms => ({
  number,
  id,
  kind: "military",
  name: en(`Channel ${id}`),
  purpose: en("a test"),
  basis: { text: "agreed", from: EPOCH_S - 1000, to: null, sure: true },
  clocks: { held: {}, acknowledge: {}, answer: {}, callRequest: null },
  timetable: null,
  proofWindow: 90 * 86_400,
  quietPeriod: null,
  transit: 0,
  release: "one",
  disclosure: { term: "own", embargo: null },
  ...more,
});

export interface LineOptions {
  readonly mode?: "live" | "exercise";
  readonly terms?: Partial<Terms>;
  readonly parties?: readonly string[];
  readonly channels?: readonly ChannelTerms[];
}

export function accordOf(options: LineOptions): { readonly accord: Accord; readonly sides: readonly Side[] } {
  const ids = options.parties ?? ["north", "south"];
  const channels = options.channels ?? [
    channel(1, "main"),
    channel(2, "leaders", { release: "two", disclosure: { term: "sealed", embargo: null } }),
  ];
  const sides = ids.map((id) =>
    side(
      id,
      channels.map((item) => item.id),
    ),
  );
  const terms: Terms = {
    version: 1,
    mode: options.mode ?? "live",
    suite: 1,
    base: null,
    title: en("A line for tests"),
    languages: ["en", "zh"],
    parties: ids,
    channels,
    forms: [],
    beat: 120,
    silentAfter: 600,
    holdingReplyMax: null,
    notice: 7 * 86_400,
    rates: { flashPerHour: 2, immediatePerHour: 20, entriesPerDay: 1_000_000 },
    legal: en("none"),
    retention: en("none"),
    ending: en("none"),
    ...options.terms,
  };
  const files = { terms: encodeTerms(terms), parties: sides.map((item) => encodePartyFile(item.file)) };
  const ceremony = ceremonyDigest(
    suite,
    files.terms,
    sides.map((item, i) => ({ id: item.id, file: files.parties[i] ?? new Uint8Array(0) })),
  );
  const signatures = sides.map((item) => ({ party: item.id, holder: 0, ...signAccord(suite, item.root, ceremony) }));
  return { accord: readAccord(suite, { ...files, signatures }), sides };
}
