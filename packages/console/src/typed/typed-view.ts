import type { Unsent } from "@openline/api";
import type { LocalCopy } from "./copies.ts";

/** Where the text that is shown is kept. `nowhere`: neither here nor at the node. `refused`: here, and the node keeps no such text. */
export type KeptWhere =
  | { readonly at: "nowhere" }
  | { readonly at: "here" }
  | { readonly at: "refused"; readonly code: string }
  | { readonly at: "node"; readonly saved: string };

/** Another text for the same field. `saved` null: another page of this browser has it, and the node does not. */
export type Other = Pick<Unsent, "text" | "version" | "saved"> & { readonly writer?: string };

/** One field as a screen shows it. */
export interface TypedView {
  readonly text: string;
  /** Undefined: there is nothing to keep. */
  readonly kept: KeptWhere | undefined;
  /** A person chooses between both. */
  readonly other: Other | undefined;
  /** It is being said: no second time. */
  readonly saying: boolean;
}

/** The places of one field. */
export interface TypedPlaces {
  /** This page, among those that write copies. */
  readonly writer: string;
  readonly copies: {
    read(): Promise<LocalCopy | undefined>;
    write(copy: LocalCopy, known: ReadonlySet<string>): Promise<LocalCopy | undefined>;
    beside(): Promise<readonly LocalCopy[]>;
    drop(writer: string): Promise<void>;
  };
  readonly node: { read(): Promise<Unsent>; keep(base: number, text: string): Promise<Unsent> };
  readonly changed: () => void;
}
