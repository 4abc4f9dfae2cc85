/** What this browser keeps of one field. `base`: the version of the node's that it was made from, `clean`: that version has the same text. */
export interface LocalCopy {
  readonly text: string;
  readonly base: number;
  readonly clean: boolean;
}

/** Where a console keeps what is typed, before the node has it. Every step rejects where this browser keeps nothing. */
export interface LocalCopies {
  names(): Promise<readonly string[]>;
  read(name: string): Promise<LocalCopy | undefined>;
  write(name: string, copy: LocalCopy): Promise<void>;
  remove(name: string): Promise<void>;
}
