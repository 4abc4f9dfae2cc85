import { type Static, Type } from "typebox";
import { Bytes } from "./values.ts";

/** `POST /api/v1/lines/{line}/node-keys`, on the control socket only: a key that is to sign this node's own acts once its log has enrolled
 *  it. 32 bytes; it is in `node.keys` already. */
export const TakeNodeKey = Type.Object({ seed: Bytes }, { title: "TakeNodeKey", additionalProperties: false });
export type TakeNodeKey = Static<typeof TakeNodeKey>;
export const NodeKeyTaken = Type.Object({ taken: Type.Literal(true) }, { title: "NodeKeyTaken" });
export type NodeKeyTaken = Static<typeof NodeKeyTaken>;
