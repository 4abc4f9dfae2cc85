/** A way bytes travel between two nodes. It may lose, double, reorder, delay, cut or corrupt frames; nothing above may
 *  notice. It holds no signing or sealing key. Source: docs/spec/exchange.md. */
export interface Bearer {
  readonly id: string;
  /** Takes a frame for the other side; resolves when it has been handed over or dropped, and never rejects for either. */
  send(frame: Uint8Array): Promise<void>;
}
