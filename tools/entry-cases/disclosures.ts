import { type Cbor, encode, encodeDisclosure, type KindName, limits, type RefusalCode } from "@openline/core";
import { hashed } from "../../packages/verify/test/builder-accord.ts";

/** A disclosure beside the commitment of its act, and the code under which it is refused; null: it is opened. */
export interface DisclosureCase {
  readonly comment: string;
  readonly kind: KindName;
  readonly disclosure: Uint8Array;
  /** Where the commitment is that of other bytes. */
  readonly committed?: Uint8Array;
  readonly expect: RefusalCode | null;
}

const salt = hashed("disclosure salt").slice(0, 16);
const body = (words: Readonly<Record<string, Cbor>>): Uint8Array => encodeDisclosure(salt, new Map(Object.entries(words)));
const en = (text: string): Cbor => new Map([["en", text]]);
const attached = (more: Partial<Record<"object" | "size" | "media" | "name", Cbor>> = {}): Cbor => [
  more.object ?? hashed("attachment"),
  more.size ?? 1000,
  more.media ?? "application/pdf",
  more.name ?? "note.pdf",
];
const one = (comment: string, expect: RefusalCode | null, disclosure: Uint8Array, kind: KindName = "message"): DisclosureCase => ({
  comment,
  kind,
  disclosure,
  expect,
});

export const DISCLOSURES: readonly DisclosureCase[] = [
  { ...one("another body than the one committed to", "wrong-disclosure", body({ text: en("b") })), committed: body({ text: en("a") }) },
  { ...one("another salt", "wrong-disclosure", encodeDisclosure(hashed("x").slice(0, 16), new Map())), committed: body({}) },
  one("a word its kind does not have", "bad-body", body({ ground: en("a") })),
  one("a word in another shape", "bad-body", body({ text: "a" })),
  one("a text in no language", "bad-body", body({ text: new Map() })),
  one("a text that turns the reading direction", "bad-body", body({ text: en("a\u202eb") })),
  one("a text that is not Unicode NFC", "bad-body", body({ text: en("e\u0301") })),
  one("a place outside the earth", "bad-body", body({ position: ["0", "91"] }), "incident-open"),
  ...[0, 6, 99, -1, "3", true].map((quality) => one(`a test of quality ${JSON.stringify(quality)}`, "bad-body", body({ quality }), "test")),
  one("an answer to a test of quality 6", "bad-body", body({ quality: 6 }), "test-answer"),
  one("another media type", "bad-body", encode([salt, "text/plain", encode(new Map())])),
  one("a short text longer than its limit", "oversized", body({ source: "a".repeat(limits.shortTextBytesMax + 1) })),
  one("a salt of 15 bytes", "malformed", encode([salt.slice(1), "application/cbor", encode(new Map())])),
  one("a byte after its end", "truncated", Uint8Array.from([...body({}), 0])),
  one("no attachments", "bad-body", body({ attachments: [] })),
  one("an attachment named twice", "bad-body", body({ attachments: [attached(), attached({ name: "again" })] })),
  one("an attachment with nothing in it", "bad-body", body({ attachments: [attached({ size: 0 })] })),
  one("an attachment above the limit", "bad-body", body({ attachments: [attached({ size: limits.objectBytesMax + 1 })] })),
  one("an attachment under half a hash", "bad-body", body({ attachments: [attached({ object: salt })] })),
  ...["../etc/passwd", "a/b", "a\\b", ".hidden", "c:evil", "", "end.", "new\nline"].map((name) =>
    one(`an attachment called ${JSON.stringify(name)}`, "bad-body", body({ attachments: [attached({ name })] })),
  ),
  one("a media type that is none", "bad-body", body({ attachments: [attached({ media: "pdf" })] })),
  one(
    "more attachments than may be",
    "oversized",
    body({ attachments: Array.from({ length: limits.attachmentsMax + 1 }, (_, i) => attached({ object: hashed(`attachment ${i}`) })) }),
  ),
  one(
    "two attachments",
    null,
    body({ attachments: [attached(), attached({ object: hashed("map"), name: "Lage \u5730\u56fe.png", media: "image/png" })] }),
  ),
  ...[1, 5].map((quality) => one(`a test of quality ${quality}`, null, body({ quality }), "test")),
  one("no words", null, body({})),
  one(
    "words in two languages",
    null,
    body({
      text: new Map([
        ["en", "hello"],
        ["zh", "\u4f60\u597d"],
      ]),
      subject: en("a"),
    }),
  ),
  one("a long text", null, body({ text: en("a".repeat(1000)) })),
  one("an exercise's source", null, body({ reconstructed: true, source: "https://example.org/" })),
  one("a place", null, body({ title: en("near"), position: ["121.5", "-25.03"] }), "incident-open"),
];
