import { envelopeOverheadMax } from "@openline/core";
import type { Bearer } from "../bearers/bearer.ts";
import type { Sealing } from "./sealing.ts";

/** A bearer over a bearer: frames of the exchange go in, envelopes go out. The exchange knows nothing of it. */
export function sealedBearer(inner: Bearer, sealing: Sealing): Bearer {
  return {
    id: inner.id,
    kind: inner.kind,
    epoch: inner.epoch,
    mtu: inner.mtu - envelopeOverheadMax,
    oneWay: inner.oneWay,
    credit: () => inner.credit(),
    send: async (frame) => {
      for (const notice of sealing.noticesDue(inner)) await inner.send(sealing.seal(notice, inner));
      await inner.send(sealing.seal(frame, inner));
    },
  };
}
