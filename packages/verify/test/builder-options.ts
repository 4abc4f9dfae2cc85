import {
  type Amendment,
  type Cbor,
  type Facts,
  type KindName,
  type Placement,
  type Precedence,
  type Role,
  type encodeHeader,
} from "@openline/core";
import type { Key, Side } from "./builder-accord.ts";

/** What one act is to be. Everything left out is what an honest node would write; anything given may be a lie. */
export interface ActOptions {
  readonly kind: KindName;
  readonly channel?: number;
  readonly precedence?: Precedence;
  readonly from?: string;
  readonly to?: readonly string[];
  readonly facts?: Facts;
  readonly refs?: readonly string[];
  readonly body?: ReadonlyMap<string | number, Cbor>;
  readonly keys?: readonly (readonly [Key, Role])[];
  readonly header?: Partial<Parameters<typeof encodeHeader>[0]>;
  readonly payload?: (payload: Uint8Array) => Uint8Array;
  readonly signature?: (signature: Uint8Array) => Uint8Array;
  readonly place?: Partial<Placement>;
  readonly entry?: (entry: Uint8Array) => Uint8Array;
  /** Whether the placement names what the other side has written so far. */
  readonly names?: boolean;
  readonly withhold?: boolean;
  /** Signatures of an algorithm that is not read here, after the others. */
  readonly foreign?: number;
  readonly time?: number;
}

/** An enrolment, of another key or with another proof than its name gives. */
export interface Enrolment extends Partial<ActOptions> {
  readonly key?: Key;
  readonly person?: string;
  readonly possession?: Uint8Array | null;
}

export interface Written {
  readonly index: number;
  readonly leaf: string;
  readonly bytes: Uint8Array;
}

/** Next terms, or next files, made from those in use by changing something. */
export interface AmendOptions extends Partial<ActOptions> {
  /** Root holders that sign; the side's own unless given. */
  readonly holders?: readonly Side["root"][];
  /** Changes an amendment after it was signed. */
  readonly spoil?: (amendment: Amendment) => Amendment;
}

/** A proposal and what it carries. */
export interface Proposed extends Written {
  readonly amendment: Amendment;
  readonly purpose: "terms" | "party";
}
