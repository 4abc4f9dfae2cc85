/** Every key of the console, once: what binds keys reads it, and so does the list that `?` shows. The order is that of the list. */
export const KEYS = {
  acknowledge: ["F2"],
  openAlarm: ["Shift+F2"],
  hold: ["h"],
  answer: ["r"],
  sign: ["Ctrl+Enter"],
  release: ["Ctrl+Enter"],
  recall: ["Escape"],
  test: ["F4"],
  call: ["F8"],
  telephones: ["F9"],
  codeWord: digits("", 6),
  next: ["j", "ArrowDown"],
  previous: ["k", "ArrowUp"],
  earlier: ["ArrowLeft"],
  later: ["ArrowRight"],
  first: ["Home"],
  last: ["End"],
  send: ["n"],
  form: ["f"],
  watch: ["w"],
  goWatch: ["g w"],
  goHistory: ["g h"],
  channel: digits("Alt+", 9),
  close: ["Escape"],
  back: ["Escape"],
  keys: ["?"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** What a key does. */
export type Act = keyof typeof KEYS;

export const ACTS = Object.keys(KEYS) as readonly Act[];

/** What a key runs; `at` is its place among the keys of its act, from 0: the 3 of `Alt+3` is 2. */
export type Run = (at: number) => void;

/** What is bound now; an act that is absent or undefined does not work, and its keys do nothing. */
export type Bound = Readonly<Partial<Record<Act, Run | undefined>>>;

/** The letter that waits for a second one. */
export const PREFIX = "g";

/** Acts that a key is bound to, with its place among the keys of each. */
export const actsOf = (key: string): readonly { readonly act: Act; readonly at: number }[] => BY_KEY.get(key) ?? [];

/** Keys as a list shows them: `F2`, `j / ArrowDown`, `Alt+1 … Alt+9`. `letters`: whether those that type something act at all. */
export function shownKeys(act: Act, letters: boolean): string {
  const keys = KEYS[act].filter((key) => letters || !isLetter(key));
  return keys.length > 2 ? `${keys[0]} … ${keys.at(-1)}` : keys.join(" / ");
}

/** A key that types something, and so acts only outside what is typed into. */
export const isLetter = (key: string): boolean => /^(.|g .)$/u.test(key);

/** Keys that move through a page where no row of a list has the focus. */
export const SCROLLS: ReadonlySet<string> = new Set(["ArrowDown", "ArrowUp", "Home", "End"]);

const BY_KEY = new Map<string, { readonly act: Act; readonly at: number }[]>();
for (const act of ACTS) for (const [at, key] of KEYS[act].entries()) BY_KEY.set(key, [...(BY_KEY.get(key) ?? []), { act, at }]);

function digits(before: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${before}${i + 1}`);
}
