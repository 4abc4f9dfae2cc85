import { type Static, Type } from "typebox";
import { CompletenessShown } from "./completeness.ts";
import { Next, Paging } from "./paging.ts";
import { ChannelStateView } from "./states.ts";
import { Problem } from "./problem-schema.ts";
import { Bytes, EntryPlace, Hash, Time } from "./values.ts";

/** Drafts of a party's own people, kept by its own node: on no wire, in no export, in no pack. docs/operating/drafts.md. */

const Line = Type.String({ minLength: 1, maxLength: 64 });
const Count = Type.Integer({ minimum: 1, maximum: 1_000_000_000 });
const Kid = Type.String({ pattern: "^[0-9a-f]{16}$" });

export const DraftParams = Type.Object({ line: Line, draft: Count });
export type DraftParams = Static<typeof DraftParams>;

/** `writing`: no version that stands is signed. `waiting`: its author has signed it, and it waits for release. `returned`: not released, with a
 *  remark. `leaving`: let go of; it is placed after `recallUntil`, and can be recalled until then. `released`: signed by two, and not placed by
 *  itself any more. `placed`: it stands in our log. `withdrawn`: nobody goes on with it. */
export const DraftState = Type.Union([
  Type.Literal("writing"),
  Type.Literal("waiting"),
  Type.Literal("returned"),
  Type.Literal("leaving"),
  Type.Literal("released"),
  Type.Literal("placed"),
  Type.Literal("withdrawn"),
]);
export type DraftState = Static<typeof DraftState>;

/** Who signed what, and when. A kid stands for one person and shift. */
const SignedBy = Type.Object({ kid: Kid, at: Time }, { title: "SignedBy" });
const Remark = Type.Object({ version: Count, at: Time, text: Type.String() }, { title: "DraftRemark" });

const summary = {
  draft: Count,
  state: DraftState,
  /** The version that stands: the only one that can be signed. */
  version: Count,
  saved: Time,
  /** Of all versions. */
  actId: Type.String({ pattern: "^[0-9a-f]{32}$" }),
  /** SHA-256 of the bytes that are signed. */
  digest: Hash,
  kind: Type.String(),
  channel: Type.Union([Type.String(), Type.Null()]),
  precedence: Type.String(),
  from: Type.Union([Type.String(), Type.Null()]),
  to: Type.Array(Type.String()),
  /** Its author does not stand by it if it is placed later; `late`: it is too late. */
  notAfter: Time,
  late: Type.Boolean(),
  /** The accord asks for a second person. */
  twoPersons: Type.Boolean(),
  signed: Type.Union([SignedBy, Type.Null()]),
  released: Type.Union([SignedBy, Type.Null()]),
  /** The last second in which what was let go of can be recalled. Null: it was not, or it does not wait. */
  recallUntil: Type.Union([Time, Type.Null()]),
  /** Why it was not placed when it was last to be. */
  refusal: Type.Union([Problem, Type.Null()]),
  remark: Type.Union([Remark, Type.Null()]),
  placed: Type.Union([EntryPlace, Type.Null()]),
};

/** `GET /api/v1/lines/{line}/drafts`: drafts that are not over, or those of one state. */
export const DraftsQuery = Type.Object({ state: Type.Optional(DraftState), ...Paging.properties }, { additionalProperties: false });
export type DraftsQuery = Static<typeof DraftsQuery>;
export const DraftSummary = Type.Object(summary, { title: "DraftSummary" });
export type DraftSummary = Static<typeof DraftSummary>;
export const Drafts = Type.Object({ at: Time, drafts: Type.Array(DraftSummary), next: Next }, { title: "Drafts" });
export type Drafts = Static<typeof Drafts>;

/** `beside`: it was based on a version that no longer stood, and does not stand itself. */
export const DraftVersion = Type.Object(
  { version: Count, base: Type.Integer({ minimum: 0 }), at: Time, digest: Hash, beside: Type.Boolean() },
  { title: "DraftVersion" },
);

/** `GET /api/v1/lines/{line}/drafts/{draft}`: the draft and the bytes of one version, by default the one that stands. Whoever signs it renders
 *  these bytes and no other account of them. */
export const DraftQuery = Type.Object({ version: Type.Optional(Count) }, { additionalProperties: false });
export type DraftQuery = Static<typeof DraftQuery>;
export const Draft = Type.Object(
  {
    ...summary,
    versions: Type.Array(DraftVersion),
    remarks: Type.Array(Remark),
    /** What each person saw last. */
    seen: Type.Array(Type.Object({ kid: Kid, version: Count }, { title: "DraftSeen" })),
    shown: Type.Object(
      {
        version: Count,
        /** The header of an act: what is signed. */
        payload: Bytes,
        disclosure: Type.Union([Bytes, Type.Null()]),
        digest: Hash,
        readBackCode: Type.String(),
        /** Why it could not be placed as it is, as far as can be said before anybody has signed. */
        problem: Type.Union([Problem, Type.Null()]),
        /** What both sides will find of a notification, or of one with this update, if it is placed now. Null: it is neither. */
        completeness: Type.Union([CompletenessShown, Type.Null()]),
      },
      { title: "DraftShown" },
    ),
    /** State of its channel now: who releases it is to know of a suspension. Null: it stands on no channel. */
    channelState: Type.Union([ChannelStateView, Type.Null()]),
  },
  { title: "Draft" },
);
export type Draft = Static<typeof Draft>;

/** `POST /api/v1/lines/{line}/drafts`: a new draft. `payload`: the header of an act without any signature; every version carries the act id
 *  of the first. */
export const NewDraft = Type.Object(
  { payload: Bytes, disclosure: Type.Optional(Bytes) },
  { title: "NewDraft", additionalProperties: false },
);
export type NewDraft = Static<typeof NewDraft>;

/** `POST /api/v1/lines/{line}/drafts/{draft}/versions`: a new version, made from version `base`. Where `base` no longer stands the answer is 409
 *  `draft-behind`: what was sent is kept beside, as version `kept`, and nothing of it stands. */
export const SaveDraft = Type.Object(
  { base: Count, payload: Bytes, disclosure: Type.Optional(Bytes) },
  { title: "SaveDraft", additionalProperties: false },
);
export type SaveDraft = Static<typeof SaveDraft>;

/** A step of a draft that its state or version does not allow: `draft-behind`, `draft-state`. */
export const DraftProblem = Type.Object(
  { ...Problem.properties, version: Count, kept: Type.Union([Count, Type.Null()]) },
  { title: "DraftProblem" },
);
export type DraftProblem = Static<typeof DraftProblem>;

/** `POST …/signature` and `POST …/release`: an act over the payload of this version with one signature: its author's, or its releaser's. */
export const SignDraft = Type.Object({ version: Count, act: Bytes }, { title: "SignDraft", additionalProperties: false });
export type SignDraft = Static<typeof SignDraft>;

/** `POST …/placing`: lets go of what has been signed: with its author's signature alone, where the accord asks for no second person; or what
 *  was released and never came to stand. What is let go of, here or by `release`, is placed at once where it is FLASH or IMMEDIATE (`placed`
 *  says where); anything else waits until `recallUntil` and is then placed. */
export const PlaceDraft = Type.Object({ version: Count }, { title: "PlaceDraft", additionalProperties: false });
export type PlaceDraft = Static<typeof PlaceDraft>;

/** `POST …/recall`: takes back what was let go of and is not placed: it waits for release again. Nothing that was placed can be unsaid. */
export const RecallDraft = Type.Object({ version: Count }, { title: "RecallDraft", additionalProperties: false });
export type RecallDraft = Static<typeof RecallDraft>;

/** `POST …/return`: not released, and why. */
export const ReturnDraft = Type.Object(
  { version: Count, remark: Type.String({ minLength: 1, maxLength: 4096 }) },
  { title: "ReturnDraft", additionalProperties: false },
);
export type ReturnDraft = Static<typeof ReturnDraft>;

/** `POST …/withdrawal`: nobody goes on with it. */
export const WithdrawDraft = Type.Object({ version: Count }, { title: "WithdrawDraft", additionalProperties: false });
export type WithdrawDraft = Static<typeof WithdrawDraft>;

/** `POST …/sight`: the person with this key has seen this version. Only for showing them what has changed since. */
export const SeeDraft = Type.Object({ version: Count, kid: Kid }, { title: "SeeDraft", additionalProperties: false });
export type SeeDraft = Static<typeof SeeDraft>;
