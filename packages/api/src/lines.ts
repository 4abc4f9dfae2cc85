import { type Static, Type } from "typebox";
import { Next } from "./paging.ts";
import { LineId, Texts, Time } from "./values.ts";

/** `GET /api/v1/lines`: the lines of this node, and what a person who signs needs to know of each. */

export const ChannelSummary = Type.Object(
  {
    number: Type.Integer(),
    id: Type.String(),
    kind: Type.String(),
    name: Texts,
    release: Type.Union([Type.Literal("one"), Type.Literal("two")]),
  },
  { title: "ChannelSummary" },
);

export const PostSummary = Type.Object(
  { id: Type.String(), name: Texts, channels: Type.Array(Type.String()), principal: Type.Boolean() },
  { title: "PostSummary" },
);
export const PartySummary = Type.Object(
  { id: Type.String(), name: Texts, language: Type.String(), posts: Type.Array(PostSummary) },
  { title: "PartySummary" },
);

export const LineSummary = Type.Object(
  {
    line: LineId,
    party: Type.String(),
    mode: Type.Union([Type.Literal("live"), Type.Literal("exercise")]),
    title: Texts,
    languages: Type.Array(Type.String()),
    /** Ids of the forms of notifications that both sides hold. */
    forms: Type.Array(Type.String()),
    channels: Type.Array(ChannelSummary),
    parties: Type.Array(PartySummary),
  },
  { title: "LineSummary" },
);
export type LineSummary = Static<typeof LineSummary>;

export const LineList = Type.Object({ lines: Type.Array(LineSummary), next: Next }, { title: "LineList" });
export type LineList = Static<typeof LineList>;

/** `GET /api/v1/lines/{line}/signing`: what an act must say of its line before it is signed. Nothing of it is secret, and a
 *  signer that already has the accord checks it against that. */
export const Signing = Type.Object(
  {
    line: LineId,
    partyKey: Type.String({ pattern: "^[0-9a-f]{16}$" }),
    /** External data of every signature of this party. */
    accordDigest: Type.String({ pattern: "^[0-9a-f]{64}$" }),
    /** The node's clock. */
    now: Time,
    /** Time of the log's last entry: an act whose author allows no placement after it would be late. */
    logTime: Time,
  },
  { title: "Signing" },
);
export type Signing = Static<typeof Signing>;
