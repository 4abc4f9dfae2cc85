/** Writes vectors/accord/valid.json and invalid.json: whole accord files of two parties, every key from a fixed seed, each
 *  invalid one wrong in one point. Run: `node --conditions=openline-source tools/make-accord-vectors.ts`. */
import { mkdirSync, writeFileSync } from "node:fs";
import {
  type AccordFiles,
  type Contribution,
  type PartyFile,
  type RootSignature,
  type Terms,
  type Texts,
  ceremonyDigest,
  commitmentToContribution,
  contributionFor,
  decode,
  digitsOf,
  encode,
  encodeAccordFiles,
  encodePartyFile,
  encodeTerms,
  kidOf,
  lineSecrets,
  readAccord,
  sealContribution,
  signAccord,
  toHex,
  utf8,
} from "@openline/core";
import { nativeSuite as suite } from "@openline/node";

const seedOf = (name: string): Uint8Array => suite.sha256(utf8(`openline accord vector ${name}`));
const ed25519 = (name: string): Uint8Array => suite.ed25519Public(seedOf(name));
const mldsa44 = (name: string): Uint8Array => suite.mldsa44Public(seedOf(name));
const pair = (name: string) => ({ ed25519: ed25519(name), mldsa44: mldsa44(`${name} ml-dsa`) });
const en = (text: string): Texts => ({ en: text });

const channel: Terms["channels"][number] = {
  number: 1,
  id: "main",
  kind: "military",
  name: en("Main"),
  purpose: en("Talking"),
  basis: { text: "Agreed", from: 1_700_000_000, to: null, sure: true },
  clocks: { held: {}, acknowledge: { FLASH: 300 }, answer: {}, callRequest: null },
  timetable: { caller: "alternate", times: [28_800], weekdays: [1, 2, 3, 4, 5], except: [], grace: 600 },
  proofWindow: 7_776_000,
  quietPeriod: null,
  transit: 0,
  release: "one",
  disclosure: { term: "sealed", embargo: null },
};

const terms: Terms = {
  version: 1,
  mode: "live",
  suite: 1,
  base: null,
  title: en("A line"),
  languages: ["en"],
  parties: ["north", "south"],
  channels: [channel],
  forms: [],
  beat: 120,
  silentAfter: 300,
  holdingReplyMax: null,
  notice: 604_800,
  rates: { flashPerHour: 6, immediatePerHour: 20, entriesPerDay: 100_000 },
  legal: en("Nothing here is an admission or recognition."),
  retention: en("Kept."),
  ending: en("Either may withdraw."),
};

const party = (id: string): PartyFile => ({
  version: 1,
  base: null,
  id,
  name: en(id),
  language: "en",
  zone: "UTC",
  incarnation: seedOf(`${id} incarnation`).slice(0, 8),
  root: { threshold: 2, holders: [0, 1, 2].map((i) => pair(`${id} root ${i}`)) },
  log: pair(`${id} log`),
  node: ed25519(`${id} node`),
  mirror: ed25519(`${id} mirror`),
  seal: suite.xwingPublic(seedOf(`${id} seal`)),
  tls: [seedOf(`${id} certificate`)],
  addresses: [`${id}.example:4433`],
  contribution: commitmentToContribution(suite, seedOf(`${id} contribution`)),
  directory: [0, 1].map((i) => ({ key: ed25519(`${id} directory ${i}`), person: seedOf(`${id} person ${i}`) })),
  posts: [{ id: "watch", name: en("Watch"), channels: ["main"], principal: false, deputy: null }],
  hours: null,
  holidays: [],
});

interface Change {
  /** Whose files are there; both parties' unless given. */
  readonly ids?: readonly string[];
  readonly terms?: Partial<Terms>;
  readonly north?: Partial<PartyFile>;
  readonly files?: (files: AccordFiles) => AccordFiles;
  readonly holders?: readonly number[];
}

function filesOf({ terms: more, north, files = (all) => all, holders = [0, 1], ids = ["north", "south"] }: Change = {}): AccordFiles {
  const parties = ids.map((id) => ({ ...party(id), ...(id === "north" ? north : {}) }));
  const termsFile = encodeTerms({ ...terms, ...more });
  const encoded = parties.map((file) => ({ id: file.id, file: encodePartyFile(file) }));
  const ceremony = ceremonyDigest(suite, termsFile, encoded);
  const signatures = parties.flatMap(({ id }) =>
    holders.map((holder): RootSignature => {
      const seeds = { ed25519: seedOf(`${id} root ${holder}`), mldsa44: seedOf(`${id} root ${holder} ml-dsa`) };
      return { party: id, holder, ...signAccord(suite, seeds, ceremony) };
    }),
  );
  return files({ terms: termsFile, parties: encoded.map(({ file }) => file), signatures });
}

/** Another value of a key of the terms file, in bytes that no writer of ours would make. */
function termsWith(key: string, value: Parameters<typeof encode>[0]): (files: AccordFiles) => AccordFiles {
  return (files) => {
    const map = new Map(decode(files.terms) as Map<string, never>);
    map.set(key, value as never);
    return { ...files, terms: encode(map) };
  };
}

const flipped = (bytes: Uint8Array): Uint8Array => bytes.map((byte, i) => (i === 5 ? byte ^ 1 : byte));
const first = (files: AccordFiles, change: (signature: RootSignature) => RootSignature): AccordFiles => ({
  ...files,
  signatures: files.signatures.map((signature, i) => (i === 0 ? change(signature) : signature)),
});
const live = { kid: toHex(ed25519("north node")), mode: "live" };
const north = party("north");

const valid: readonly [string, Change][] = [
  ["two parties, two of three holders each", {}],
  ["all three holders", { holders: [0, 1, 2] }],
  ["the last two holders", { holders: [1, 2] }],
  ["an exercise, in which silence draws no alarm", { terms: { mode: "exercise", silentAfter: null } }],
  [
    "addresses of each kind, two certificates",
    { north: { addresses: ["10.0.0.1:443", "[2001:db8::1]:4433", "n.example:1"], tls: [seedOf("a"), seedOf("b")] } },
  ],
  ["a party that is reached by hand only", { north: { addresses: [], tls: [] } }],
  ["one party alone on a line that names two", { ids: ["north"] }],
  ["a party order that is not that of the ids", { terms: { parties: ["south", "north"] } }],
];

const invalid: readonly [string, string, Change, typeof live?][] = [
  ["too few root signatures", "wrong-accord", { holders: [0] }],
  ["one holder twice is one holder", "wrong-accord", { holders: [0, 0] }],
  ["no signatures", "wrong-accord", { holders: [] }],
  ["a holder that does not exist", "wrong-accord", { files: (files) => first(files, (signature) => ({ ...signature, holder: 3 })) }],
  ["wrong Ed25519 signature", "wrong-signature", { files: (files) => first(files, (s) => ({ ...s, ed25519: flipped(s.ed25519) })) }],
  ["wrong ML-DSA-44 signature", "wrong-signature", { files: (files) => first(files, (s) => ({ ...s, mldsa44: flipped(s.mldsa44) })) }],
  ["signatures over other terms", "wrong-signature", { files: (files) => ({ ...files, terms: filesOf({ terms: { beat: 60 } }).terms }) }],
  ["weak key: small order", "weak-key", { north: { node: new Uint8Array(32) } }],
  ["weak key: not canonical", "weak-key", { north: { mirror: new Uint8Array(32).fill(0xff) } }],
  ["one key in two places", "reused-key", { north: { node: north.mirror } }],
  ["a sealing key with a coefficient that is not canonical", "weak-key", { north: { seal: new Uint8Array(1216).fill(0xff) } }],
  ["a sealing key of low order", "weak-key", { north: { seal: new Uint8Array(1216) } }],
  ["the sealing key of the other party", "reused-key", { north: { seal: party("south").seal } }],
  ["a sealing key that is too short", "malformed", { north: { seal: north.seal.slice(1) } }],
  ["the contribution of the other party", "malformed", { north: { contribution: party("south").contribution } }],
  ["the certificate of the other party", "malformed", { north: { tls: party("south").tls } }],
  ["a certificate twice", "malformed", { north: { tls: [...north.tls, ...north.tls] } }],
  ["an address without a port", "malformed", { north: { addresses: ["north.example"] } }],
  ["an address with a port that is none", "malformed", { north: { addresses: ["north.example:65536"] } }],
  ["an address that is a path", "malformed", { north: { addresses: ["../north:4433"] } }],
  ["an address twice", "malformed", { north: { addresses: [...north.addresses, ...north.addresses] } }],
  ["a key of the other party", "reused-key", { north: { node: ed25519("south node") } }],
  ["a key of another line of this mode", "reused-key", {}, live],
  ["a key of a live line in an exercise", "foreign-mode", { terms: { mode: "exercise" } }, live],
  ["terms that name an absent party", "wrong-accord", { terms: { parties: ["north", "south", "west"] } }],
  ["one party alone on a line that names three", "wrong-accord", { terms: { parties: ["north", "south", "west"] }, ids: ["north"] }],
  ["no party file of the two that the terms name", "wrong-accord", { ids: ["west"] }],
  ["one party alone whose holders did not sign", "wrong-accord", { ids: ["north"], holders: [] }],
  ["a party file that the terms do not name", "wrong-accord", { terms: { parties: ["south"] } }],
  ["a party file twice", "malformed", { files: (files) => ({ ...files, parties: [files.parties[0]!, files.parties[0]!] }) }],
  ["one incarnation for two", "malformed", { north: { incarnation: party("south").incarnation } }],
  ["a post on a channel that is not there", "unknown-channel", { north: { posts: [{ ...north.posts[0]!, channels: ["side"] }] } }],
  ["silentAfter not above beat", "malformed", { terms: { silentAfter: 120 } }],
  ["a channel id twice", "malformed", { terms: { channels: [channel, { ...channel, number: 2 }] } }],
  ["a channel number twice", "malformed", { terms: { channels: [channel, { ...channel, id: "side" }] } }],
  ["channel 0", "malformed", { terms: { channels: [{ ...channel, number: 0 }] } }],
  [
    "a basis of before the calendar",
    "malformed",
    { terms: { channels: [{ ...channel, basis: { ...channel.basis, from: -62_135_596_801 } }] } },
  ],
  ["a basis that ends before it begins", "malformed", { terms: { channels: [{ ...channel, basis: { ...channel.basis, to: 1 } }] } }],
  [
    "a caller that is no party",
    "malformed",
    { terms: { channels: [{ ...channel, timetable: { ...channel.timetable!, caller: "west" } }] } },
  ],
  ["no channel", "malformed", { terms: { channels: [] } }],
  ["a later version", "unsupported-version", { files: termsWith("version", 0) }],
  ["a mode that is neither", "malformed", { files: termsWith("mode", "drill") }],
  ["a key that nobody specified", "malformed", { files: termsWith("more", 1) }],
  ["one directory key", "malformed", { north: { directory: [north.directory[0]!] } }],
  [
    "two directory keys of one person",
    "malformed",
    { north: { directory: north.directory.map((entry) => ({ ...entry, person: seedOf("x") })) } },
  ],
  ["a threshold above the holders", "malformed", { north: { root: { ...north.root, threshold: 4 } } }],
  ["a threshold of none", "malformed", { north: { root: { ...north.root, threshold: 0 } } }],
  ["terms that end early", "truncated", { files: (files) => ({ ...files, terms: files.terms.slice(0, -1) }) }],
];

/** What each party of three gives each other one, and the secrets that follow. */
function contributions() {
  const ids = ["north", "south", "west"];
  const files = filesOf({ terms: { parties: ids }, ids });
  const accord = readAccord(suite, files);
  const secretOf = (id: string): Uint8Array => seedOf(`${id} contribution`);
  const given = accord.parties.flatMap((from) =>
    accord.parties.filter((to) => to !== from).map((to) => contributionFor(suite, accord, { secret: secretOf(from.id), from, to })),
  );
  const sealed = given.map((item) => {
    const name = `${item.from} to ${item.to} coins`;
    const file = sealContribution(suite, accord, item, Uint8Array.from([...seedOf(`${name} 0`), ...seedOf(`${name} 1`)]));
    return { from: item.from, to: item.to, file };
  });
  const secrets = accord.parties.map((party) => {
    const { line, psks } = lineSecrets(suite, accord, { secret: secretOf(party.id), party, given });
    return { party: party.id, line: toHex(line), psks: Object.fromEntries(Object.entries(psks).map(([peer, psk]) => [peer, toHex(psk)])) };
  });
  return { accord, given, sealed, secrets, ids, secretOf };
}

function contributionVectors(): unknown {
  const { accord, given, sealed, secrets, ids, secretOf } = contributions();
  const [north, south] = accord.parties;
  const forSouth = sealed[0]!.file;
  const with_ = (key: string, value: Parameters<typeof encode>[0]): Uint8Array =>
    encode(new Map([...(decode(forSouth) as Map<string, never>), [key, value as never]]));
  const lying = (change: (item: Contribution) => Contribution): Uint8Array =>
    sealContribution(suite, accord, change(given[0]!), Uint8Array.from([...seedOf("lie 0"), ...seedOf("lie 1")]));
  const other = contributionFor(suite, accord, { secret: seedOf("another"), from: north!, to: south! });
  const cases: readonly [string, string, string, Uint8Array][] = [
    ["for another party", "wrong-party", "west", forSouth],
    ["to another ceremony", "wrong-accord", "south", with_("ceremony", seedOf("x"))],
    ["of a party that is not in the accord", "wrong-party", "south", with_("from", "east")],
    ["of the receiver itself", "wrong-party", "south", with_("from", "south")],
    ["said to be of another party", "wrong-contribution", "south", with_("from", "west")],
    ["sealed for one and named for another", "wrong-contribution", "west", with_("to", "west")],
    [
      "a byte of what is sealed changed",
      "wrong-contribution",
      "south",
      with_("sealed", flipped((decode(forSouth) as Map<string, Uint8Array>).get("sealed")!)),
    ],
    [
      "a byte of enc changed",
      "wrong-contribution",
      "south",
      with_("enc", flipped((decode(forSouth) as Map<string, Uint8Array>).get("enc")!)),
    ],
    ["another secret than the committed one", "wrong-contribution", "south", lying(() => other)],
    ["another share for the line", "wrong-contribution", "south", lying((item) => ({ ...item, line: other.line }))],
    ["another share for the two", "wrong-contribution", "south", lying((item) => ({ ...item, pair: other.pair }))],
    ["the share of a third party", "wrong-contribution", "south", lying((item) => ({ ...item, pair: given[1]!.pair }))],
    ["a later version", "unsupported-version", "south", with_("version", 0)],
    ["a key that nobody specified", "malformed", "south", with_("more", 0)],
    ["bytes that end early", "truncated", "south", forSouth.slice(0, -1)],
  ];
  return {
    comment:
      "Secret contributions of three parties. `accord`: its files in hex. `secrets`: each party's secret of 32 bytes and the seed of its sealing key; `given`: what crosses; `expect`: what follows from it; `refused`: files that `to` refuses, with the code.",
    source: "docs/spec/accord.md §6",
    accord: toHex(encodeAccordFiles(accord.files)),
    secrets: Object.fromEntries(ids.map((id) => [id, { secret: toHex(secretOf(id)), seal: toHex(seedOf(`${id} seal`)) }])),
    given: sealed.map(({ file, ...item }) => ({ ...item, file: toHex(file) })),
    expect: secrets,
    refused: cases.map(([comment, code, to, file]) => ({ comment, to, file: toHex(file), expect: code })),
  };
}

const folder = new URL("../vectors/accord/", import.meta.url);
mkdirSync(folder, { recursive: true });
const write = (name: string, comment: string, cases: readonly unknown[]): void =>
  writeFileSync(new URL(name, folder), `${JSON.stringify({ comment, source: "docs/spec/accord.md §4", cases }, null, 1)}\n`);
write(
  "valid.json",
  "Whole accord files of two parties, deterministic CBOR {terms, parties, signatures}, in hex; every key from a fixed seed.",
  valid.map(([comment, change]) => {
    const files = filesOf(change);
    const accord = readAccord(suite, files);
    const parties = accord.parties.map(({ id, key, accordDigest }) => ({ id, key, accordDigest: toHex(accordDigest) }));
    const expect = { ceremony: accord.ceremony, digits: digitsOf(accord.ceremony), line: accord.line, parties };
    return { comment, input: toHex(encodeAccordFiles(files)), expect };
  }),
);
write(
  "invalid.json",
  "Accords that a reader refuses, each wrong in one point, with the code. `enrolled`: public keys known on other lines, with their mode.",
  invalid.map(([comment, code, change, known]) => {
    const enrolled = known === undefined ? [] : [{ kid: kidOf(suite, ed25519("north node")), mode: known.mode }];
    return { comment, input: { accord: toHex(encodeAccordFiles(filesOf(change))), enrolled }, expect: code };
  }),
);
writeFileSync(new URL("contributions.json", folder), `${JSON.stringify(contributionVectors(), null, 1)}\n`);
