import { createHash, createHmac, hkdfSync } from "node:crypto";
import { writeFileSync } from "node:fs";

/** Writes `vectors/bearers/parcels.json`, from docs/spec/parcel.md and Node's own cryptography: it shares no code with the bearer. */

const LINE_SECRET = Buffer.alloc(32, 9);
const [OWN, PEER] = ["aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb"] as const;

const label = (from: string, to: string, secret = LINE_SECRET): Buffer =>
  Buffer.from(
    hkdfSync("sha256", secret, "", Buffer.concat([Buffer.from("openline/parcel"), Buffer.from(from, "hex"), Buffer.from(to, "hex")]), 32),
  );
const hmac = (key: Buffer, ...parts: readonly Uint8Array[]): Buffer => createHmac("sha256", key).update(Buffer.concat(parts)).digest();
const length = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
/** What fills a parcel up: chance in life, counted hashes here. */
function filling(bytes: number): Buffer {
  const blocks: Buffer[] = [];
  for (let i = 0; i * 32 < bytes; i++) blocks.push(createHash("sha256").update(length(i)).digest());
  return Buffer.concat(blocks).subarray(0, bytes);
}

const ID = Buffer.from("000102030405060708090a0b0c0d0e0f", "hex");
const IN = label(PEER, OWN);

interface Made {
  readonly key?: Buffer;
  readonly size?: number;
}

/** A parcel with this body, whatever the body says. */
function parcelOf(body: Buffer, { key = IN, size = 1024 }: Made = {}): Buffer {
  const mark = hmac(key, Buffer.from("mark"), ID).subarray(0, 16);
  const checked = Buffer.concat([ID, mark, body, filling(size - 32 - body.length - 32)]);
  return Buffer.concat([checked, hmac(key, Buffer.from("check"), checked)]);
}
const bodyOf = (frames: readonly Buffer[]): Buffer =>
  Buffer.concat([...frames.flatMap((frame) => [length(frame.length), frame]), length(0)]);
const flipped = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
};

const one = [Buffer.from("one frame")];
const three = ["first", "second", "third"].map((text) => Buffer.from(text));
const exact = [Buffer.alloc(1024 - 32 - 4 - 4 - 32, 5)];
const above = [Buffer.alloc(1024 - 32 - 4 - 4 - 32 + 1, 6)];
const good = parcelOf(bodyOf(one));
const large = parcelOf(bodyOf(above), { size: 4096 });

const valid = [
  { comment: "one frame", bytes: good, frames: one },
  { comment: "three frames, in the order in which they were sent", bytes: parcelOf(bodyOf(three)), frames: three },
  { comment: "a frame of one byte, 0", bytes: parcelOf(bodyOf([Buffer.alloc(1)])), frames: [Buffer.alloc(1)] },
  { comment: "one frame that leaves nothing to fill up", bytes: parcelOf(bodyOf(exact)), frames: exact },
  { comment: "one byte more needs the next size", bytes: large, frames: above },
  { comment: "a parcel may be larger than it needs to be", bytes: parcelOf(bodyOf(one), { size: 4096 }), frames: one },
];

const tooLong = Buffer.concat([length(65_537), Buffer.alloc(900)]);
const invalid = [
  { comment: "an empty file", bytes: Buffer.alloc(0), refusal: "wrong-size" },
  { comment: "cut by one byte", bytes: good.subarray(0, 1023), refusal: "wrong-size" },
  { comment: "one byte more", bytes: Buffer.concat([good, Buffer.alloc(1)]), refusal: "wrong-size" },
  { comment: "cut to a smaller size of a parcel", bytes: large.subarray(0, 1024), refusal: "damaged" },
  { comment: "nothing but zeros", bytes: Buffer.alloc(1024), refusal: "foreign" },
  { comment: "of another line", bytes: parcelOf(bodyOf(one), { key: label(PEER, OWN, Buffer.alloc(32, 8)) }), refusal: "foreign" },
  { comment: "from another peer of the line", bytes: parcelOf(bodyOf(one), { key: label("cccccccccccccccc", OWN) }), refusal: "foreign" },
  { comment: "our own, for the peer", bytes: parcelOf(bodyOf(one), { key: label(OWN, PEER) }), refusal: "own" },
  { comment: "a bit of its id changed", bytes: flipped(good, 0), refusal: "foreign" },
  { comment: "a bit of its mark changed", bytes: flipped(good, 31), refusal: "foreign" },
  { comment: "a bit of a frame's length changed", bytes: flipped(good, 35), refusal: "damaged" },
  { comment: "a bit of a frame changed", bytes: flipped(good, 36), refusal: "damaged" },
  { comment: "a bit of the filling changed", bytes: flipped(good, 900), refusal: "damaged" },
  { comment: "a bit of the check changed", bytes: flipped(good, 1023), refusal: "damaged" },
  { comment: "no frame in it", bytes: parcelOf(length(0)), refusal: "malformed" },
  { comment: "a frame above the longest, in a parcel that could not hold it", bytes: parcelOf(tooLong), refusal: "malformed" },
  {
    comment: "a frame above the longest, in a parcel that holds it",
    bytes: parcelOf(Buffer.concat([length(65_537), Buffer.alloc(65_537), length(0)]), { size: 262_144 }),
    refusal: "malformed",
  },
  { comment: "a frame that goes on into the check", bytes: parcelOf(length(1024 - 32 - 4 - 32 + 1)), refusal: "malformed" },
  {
    comment: "no end after the last frame",
    bytes: parcelOf(Buffer.concat([length(1024 - 32 - 4 - 32), Buffer.alloc(1024 - 32 - 4 - 32)])),
    refusal: "malformed",
  },
];

/** A large parcel of the vectors is written as what its bytes are made of. */
const shown = (bytes: Buffer): object =>
  bytes.length > 8_192
    ? {
        head: bytes.subarray(0, 36).toString("hex"),
        zeros: 65_537 + 4,
        filled: bytes.length - 32 - 36 - 65_541,
        check: bytes.subarray(-32).toString("hex"),
      }
    : { hex: bytes.toString("hex") };

const file = {
  source: "docs/spec/parcel.md",
  lineSecret: LINE_SECRET.toString("hex"),
  own: OWN,
  peer: PEER,
  labels: { in: IN.toString("hex"), out: label(OWN, PEER).toString("hex") },
  filling: "SHA-256 of 0, 1, 2, … as 4 bytes each, one after another",
  vectors: [
    ...valid.map(({ comment, bytes, frames }) => ({
      comment,
      input: shown(bytes),
      expect: { id: ID.toString("hex"), frames: frames.map((frame) => frame.toString("hex")) },
    })),
    ...invalid.map(({ comment, bytes, refusal }) => ({ comment, input: shown(bytes), expect: { refusal } })),
  ],
};
writeFileSync("vectors/bearers/parcels.json", `${JSON.stringify(file, undefined, 2)}\n`);
