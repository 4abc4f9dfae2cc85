import { type Act, type Body, type Result, ok, openDisclosure, refuse } from "@openline/core";
import type { NodeOptions } from "./node-options.ts";
import { foreignKey } from "./own-evidence.ts";

/** What can be said of an act of our own people before it has a place: this node knows its kind, its keys are of this line, and its body,
 *  which is given back, is the one that it commits to. */
export function fitToBePlaced(
  { suite, accord, enrolled }: NodeOptions,
  act: Act,
  disclosure: Uint8Array | undefined,
): Result<Body | undefined> {
  const { kind, body } = act.header;
  if (kind === undefined) return refuse("unknown-kind", "this node does not know the kind");
  const foreign = foreignKey({ suite, accord, enrolled }, { act });
  if (foreign !== undefined) return { ok: false, refusal: foreign };
  if (body === undefined) return disclosure === undefined ? ok(undefined) : refuse("wrong-disclosure", "the act has no body");
  if (disclosure === undefined) return refuse("missing-disclosure", "an own act comes with its body");
  return openDisclosure({ suite, commitment: body, disclosure, kind });
}
