import { type Static, Type } from "typebox";
import { Time } from "./values.ts";

/** `POST /api/v1/sign-in-links`, on the control socket only: a link by which one person signs in once. */
export const AskLink = Type.Object(
  { post: Type.String({ minLength: 1, maxLength: 64 }) },
  { title: "AskLink", additionalProperties: false },
);
export const SignInLink = Type.Object({ url: Type.String(), post: Type.String(), until: Time }, { title: "SignInLink" });
export type SignInLink = Static<typeof SignInLink>;

/** `POST /api/v1/session`, on a console's listener only: the secret of a link for a session. */
export const SignIn = Type.Object(
  { secret: Type.String({ pattern: "^[A-Za-z0-9_-]{43}$" }) },
  { title: "SignIn", additionalProperties: false },
);
/** `token` goes into the header `x-openline-token` of every request that changes something. */
export const Session = Type.Object({ post: Type.String(), token: Type.String(), until: Time }, { title: "Session" });
export type Session = Static<typeof Session>;
