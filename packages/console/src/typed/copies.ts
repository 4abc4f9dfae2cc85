/** What this browser keeps of one field. */
export interface LocalCopy {
  readonly text: string;
  /** The version at the node that it was made from. */
  readonly base: number;
  /** That version has the same text. */
  readonly clean: boolean;
  /** Which page wrote it: a browser may show several. */
  readonly writer: string;
}

/** Where a console keeps what is typed, before the node has it. Every step rejects where this browser keeps nothing. */
export interface LocalCopies {
  names(): Promise<readonly string[]>;
  read(name: string): Promise<LocalCopy | undefined>;
  /** Writes it, unless what lies there is nowhere else and of a writer that is not known: that stays and is given back, and this one is kept
   *  beside it. What is empty at the node too is not kept. */
  write(name: string, copy: LocalCopy, known: ReadonlySet<string>): Promise<LocalCopy | undefined>;
  /** What pages keep beside the copy of this name, each its last. */
  beside(name: string): Promise<readonly LocalCopy[]>;
  /** A person has chosen against what this writer keeps beside. */
  drop(name: string, writer: string): Promise<void>;
}

/** Whether what lies there must not be written over. */
export const isOthers = (there: Pick<LocalCopy, "clean" | "writer">, known: ReadonlySet<string>): boolean =>
  !there.clean && !known.has(there.writer);

/** Whether it is kept beside another one: it is nowhere else. */
export const isBeside = ({ clean, text }: LocalCopy): boolean => !clean && text !== "";

/** Whether there is nothing to keep. */
export const isGone = ({ text, clean }: LocalCopy): boolean => clean && text === "";
