import { type Static, Type } from "typebox";
import { Hash } from "./values.ts";

/** `POST /api/v1/lines/{line}/attachments`, its bytes as `application/octet-stream`: kept durably, so that an act may name it. A body
 *  names it by `object`, the SHA-256 of all its bytes. The same bytes twice are one attachment. */
export const AttachmentKept = Type.Object({ object: Hash, size: Type.Integer({ minimum: 1 }) }, { title: "AttachmentKept" });
export type AttachmentKept = Static<typeof AttachmentKept>;

/** `GET /api/v1/lines/{line}/attachments/{object}`: the bytes, once all of them are here. */
export const AttachmentParams = Type.Object({ line: Type.String({ minLength: 1, maxLength: 64 }), object: Hash });
export type AttachmentParams = Static<typeof AttachmentParams>;
