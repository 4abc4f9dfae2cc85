import { type Static, Type } from "typebox";
import { Bytes, Time } from "./values.ts";

/** Watch keys that browsers made: `POST /api/v1/lines/{line}/key-requests` asks for one to be given a post, the directory reads what
 *  was asked and signs a `post-assign`, and `GET …/keys/{kid}` says what the record has of it. */

export const Kid = Type.String({ pattern: "^[0-9a-f]{16}$" });
export const KeyParams = Type.Object({ line: Type.String({ minLength: 1, maxLength: 64 }), kid: Kid });

/** `key`: Ed25519, 32 bytes. `possession`: its signature over line, party and itself, docs/spec/acts.md §6. */
export const AskKey = Type.Object(
  { post: Type.String({ minLength: 1, maxLength: 64 }), key: Bytes, possession: Bytes },
  { title: "AskKey", additionalProperties: false },
);
export type AskKey = Static<typeof AskKey>;

export const KeyRequest = Type.Object(
  { kid: Kid, post: Type.String(), key: Bytes, possession: Bytes, asked: Time },
  { title: "KeyRequest" },
);
export type KeyRequest = Static<typeof KeyRequest>;
export const KeyRequests = Type.Object({ requests: Type.Array(KeyRequest) }, { title: "KeyRequests" });
export type KeyRequests = Static<typeof KeyRequests>;

/** `unknown`: nobody has heard of it. `waiting`: asked for. `in-force`: it may sign for its posts. `ended`: its shift is over. `revoked`: it was taken away. */
export const KeyStanding = Type.Object(
  {
    kid: Kid,
    standing: Type.Union([
      Type.Literal("unknown"),
      Type.Literal("waiting"),
      Type.Literal("in-force"),
      Type.Literal("ended"),
      Type.Literal("revoked"),
    ]),
    posts: Type.Array(Type.String()),
    until: Type.Union([Time, Type.Null()]),
  },
  { title: "KeyStanding" },
);
export type KeyStanding = Static<typeof KeyStanding>;
