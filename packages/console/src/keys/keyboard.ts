import { isRow } from "./rows.ts";
import { ACTS, type Act, type Bound, KEYS, PREFIX, type Run, SCROLLS, actsOf, isLetter } from "./table.ts";

/** Whose keys they are. Where two have the same key the later of this list has it. */
export const LAYERS = ["frame", "screen", "list"] as const;
export type Layer = (typeof LAYERS)[number];

/** What is drawn of the keyboard. */
export interface KeysShown {
  /** Acts whose keys do something now, in the order of the table. */
  readonly acts: readonly Act[];
  /** A `g` was pressed and the next letter says where to. */
  readonly going: boolean;
}

/** All keys that are bound now. A press runs one act or none. */
export class Keyboard {
  #letters = true;
  #shown: KeysShown = { acts: [], going: false };
  /** When something was last typed into a field that nobody has left since, by the clock of events. */
  #typedAt = -Infinity;
  readonly #bound: Map<string, { readonly layer: Layer; readonly bound: Bound }> = new Map();
  readonly #watchers: Set<() => void> = new Set();

  get shown(): KeysShown {
    return this.#shown;
  }

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  };

  /** Whether keys that type something may act at all. */
  set letters(letters: boolean) {
    this.#letters = letters;
    this.#look();
  }

  /** `id`: of whoever binds; a second call of theirs takes the place of the first. */
  bind(id: string, layer: Layer, bound: Bound): void {
    this.#bound.set(id, { layer, bound });
    this.#look();
  }

  unbind(id: string): void {
    this.#bound.delete(id);
    this.#look();
  }

  /** None acts while an input method composes or a key is held down, and none that types something inside what is typed into. After `g`
   *  the next letter only says where to go, however late it comes: the same letter by itself may sign. While the list of keys is open,
   *  of what it lists only the function keys act. Whoever goes on typing when a field is gone from under their hands gives no command. */
  readonly press = (event: KeyboardEvent): void => {
    if (event.isComposing || event.keyCode === COMPOSING || event.repeat || event.defaultPrevented || MODIFIERS.has(event.key)) return;
    const { going } = this.#shown;
    const pressed = nameOf(event);
    if (going) this.#look(false);
    if (this.#isTyped(event, pressed)) return;
    if (SCROLLS.has(pressed) && !isRow(event.target)) return;
    if (going && pressed === "Escape") return event.preventDefault();
    const key = going && isLetter(pressed) ? `${PREFIX} ${pressed}` : pressed;
    if (isLetter(key) && !this.#letters) return;
    if (key === PREFIX && this.#shown.acts.some((act) => KEYS[act].some((item) => item.startsWith(`${PREFIX} `)))) return this.#look(true);
    const found = this.#runOf(key);
    if (found === undefined && !(going && isLetter(pressed))) return;
    event.preventDefault();
    found?.();
  };

  /** What signs comes before whatever has the focus: a button or a link that was used last would take its Enter for itself. */
  readonly pressFirst = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || !event.ctrlKey) return;
    this.press(event);
    if (event.defaultPrevented) event.stopPropagation();
  };

  /** Whether a key goes into a field, or was meant for one. */
  #isTyped({ target, timeStamp }: KeyboardEvent, pressed: string): boolean {
    const isText = isLetter(pressed) || TEXT.has(pressed);
    if (isTypedInto(target)) {
      this.#typedAt = isText ? timeStamp : -Infinity;
      return isLetter(pressed) || SCROLLS.has(pressed);
    }
    if (!isText || timeStamp - this.#typedAt > TYPING_MS) return false;
    this.#typedAt = timeStamp;
    return true;
  }

  #runOf(key: string): (() => void) | undefined {
    const order = this.#inOrder();
    const listed = order.some(({ layer }) => layer === "list") && !FUNCTION_KEY.test(key);
    for (const { layer, bound } of order)
      for (const { act, at } of listed && layer !== "list" ? [] : actsOf(key)) {
        const run: Run | undefined = bound[act];
        if (run !== undefined) return () => run(at);
      }
    return undefined;
  }

  #inOrder(): readonly { readonly layer: Layer; readonly bound: Bound }[] {
    return [...this.#bound.values()].toSorted((a, b) => LAYERS.indexOf(b.layer) - LAYERS.indexOf(a.layer));
  }

  /** An act is shown where one of its keys would run it, and not another one of the same key, once the list is closed. */
  #look(going: boolean = this.#shown.going): void {
    const order = this.#inOrder().filter(({ layer }) => layer !== "list");
    const runs = (act: Act): boolean =>
      KEYS[act].some((key) => {
        const acts = actsOf(key);
        const first = order.find(({ bound }) => acts.some((item) => bound[item.act] !== undefined));
        return first?.bound[act] !== undefined && (this.#letters || !isLetter(key));
      });
    const acts = ACTS.filter(runs);
    if (going === this.#shown.going && acts.join() === this.#shown.acts.join()) return;
    this.#shown = { acts, going };
    for (const watcher of this.#watchers) watcher();
  }
}

/** Of a text, and no command by itself. */
const TEXT: ReadonlySet<string> = new Set([" ", "Backspace", "Enter"]);
/** Between two keys of somebody who types it is less. */
const TYPING_MS = 1500;
/** What browsers report for a key that an input method has taken. */
const COMPOSING = 229;
const FUNCTION_KEY = /^(Shift\+)?F[0-9]+$/;
const MODIFIERS: ReadonlySet<string> = new Set(["Shift", "Control", "Alt", "Meta", "CapsLock"]);

function nameOf({ key, altKey, ctrlKey, shiftKey, metaKey }: KeyboardEvent): string {
  const single = key.length === 1;
  return [altKey && "Alt", ctrlKey && "Ctrl", metaKey && "Meta", shiftKey && !single && "Shift", single ? key.toLowerCase() : key]
    .filter(Boolean)
    .join("+");
}

export const isTypedInto = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
