import type { Node } from "../node.ts";
import type { Sealing } from "../seal/sealing.ts";
import type { TlsShown } from "./tls-shown.ts";
import type { BearerSettings } from "./bearer-settings.ts";

/** What the ways from one node to its peers are opened with. */
export interface WaysOptions {
  /** The folder of the line, in which its operator has said which ways there are. */
  readonly dir: string;
  readonly node: Node;
  readonly sealing: Sealing;
  readonly settings: BearerSettings;
  /** What this node shows on direct bearers; undefined: it has no TLS key. */
  readonly shown: TlsShown | undefined;
  /** A door of the node was shut, and the process is to end. */
  readonly failed: (error: unknown) => void;
  /** Something came that is of no use: one line for the operator. */
  readonly told: (line: string) => void;
}
