import { type Static, Type } from "typebox";
import { Next, Paging } from "./paging.ts";
import { Time } from "./values.ts";

/** Unsent texts: what a party's own people have typed and not said yet, kept by its own node under the post that types and the field that is
 *  typed into. On no wire, in no export, in no pack, and signed by nobody. docs/operating/drafts.md. */

/** Longest unsent text, in characters: the fields of the longest form fit, each as long as it may be. */
export const UNSENT_CHARS_MAX = 262_144;

const Post = Type.String({ minLength: 1, maxLength: 64 });
const Field = Type.String({ pattern: "^[0-9A-Za-z][0-9A-Za-z .:/@-]{0,95}$", description: "which field of a console, such as `send`" });

export const UnsentParams = Type.Object({ line: Type.String({ minLength: 1, maxLength: 64 }), post: Post, field: Field });
export type UnsentParams = Static<typeof UnsentParams>;

const summary = {
  post: Post,
  field: Field,
  /** No two saves of a line have the same one, and a later save has the greater. 0: nothing was ever kept. */
  version: Type.Integer({ minimum: 0, maximum: 9_007_199_254_740_991 }),
  /** Null: nothing was ever kept. */
  saved: Type.Union([Time, Type.Null()]),
};

/** `GET /api/v1/lines/{line}/unsent/{post}/{field}`: the text that stands; empty where there is none. */
export const Unsent = Type.Object({ ...summary, text: Type.String() }, { title: "Unsent" });
export type Unsent = Static<typeof Unsent>;

/** `GET /api/v1/lines/{line}/unsent`: what our own people have typed and not said, in order of post and field,
 *  without what was emptied. */
export const UnsentQuery = Type.Object({ post: Type.Optional(Post), ...Paging.properties }, { additionalProperties: false });
export type UnsentQuery = Static<typeof UnsentQuery>;
export const UnsentSummary = Type.Object(summary, { title: "UnsentSummary" });
export type UnsentSummary = Static<typeof UnsentSummary>;
export const UnsentList = Type.Object({ unsent: Type.Array(UnsentSummary), next: Next }, { title: "UnsentList" });
export type UnsentList = Static<typeof UnsentList>;

/** `POST /api/v1/lines/{line}/unsent/{post}/{field}`: a text made from version `base`. Where `base` no longer stands the answer is 409
 *  `unsent-behind`, and nothing is kept: whoever typed decides between both. An empty text says that nothing is unsent any more. */
export const KeepUnsent = Type.Object(
  { base: Type.Integer({ minimum: 0, maximum: 9_007_199_254_740_991 }), text: Type.String({ maxLength: UNSENT_CHARS_MAX }) },
  { title: "KeepUnsent", additionalProperties: false },
);
export type KeepUnsent = Static<typeof KeepUnsent>;
