import type { NodeClient, Unsent } from "@openline/api";
import type { LocalCopies } from "./copies.ts";
import { TypedText } from "./typed-text.ts";

/** Of what one post types on one line. */
export interface DeskOf {
  readonly client: Pick<NodeClient, "allUnsent" | "unsent" | "keepUnsent">;
  readonly copies: LocalCopies;
  readonly line: string;
  readonly post: string;
}

/** Everything that is being typed in this console, each field by itself. It lives as long as somebody is signed in: what is typed goes on
 *  being kept whatever screen is shown. */
export class TypedDesk {
  readonly #of: DeskOf;
  readonly #writer: string = crypto.randomUUID();
  readonly #fields: Map<string, TypedText> = new Map();
  readonly #watchers: Set<() => void> = new Set();

  constructor(of: DeskOf) {
    this.#of = of;
  }

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  };

  /** Looks up everything that was typed here before: what the node does not have yet is offered to it. */
  async open(): Promise<void> {
    const names = await this.#of.copies.names().catch(() => []);
    const prefix = this.#keyOf("");
    for (const name of names) if (name.startsWith(prefix)) this.field(name.slice(prefix.length));
  }

  /** The field of this name, looked up here and at the node when it is first asked for. */
  field(name: string): TypedText {
    const known = this.#fields.get(name);
    if (known !== undefined) return known;
    const { client, copies, line, post } = this.#of;
    const at = { post, field: name };
    const key = this.#keyOf(name);
    const made = new TypedText({
      writer: this.#writer,
      copies: {
        read: () => copies.read(key),
        write: (copy, known) => copies.write(key, copy, known),
        beside: () => copies.beside(key),
        drop: (by) => copies.drop(key, by),
      },
      node: { read: () => client.unsent(line, at), keep: (base, text): Promise<Unsent> => client.keepUnsent(line, at, { base, text }) },
      changed: () => this.#changed(),
    });
    this.#fields.set(name, made);
    void made.open();
    return made;
  }

  /** Nobody looks any more, or the field was left: what the node does not have is sent to it now. */
  flush(): void {
    for (const field of this.#fields.values()) field.flush();
  }

  /** The node has kept something, here or at another console. */
  told({ field, version }: Pick<Unsent, "field" | "version">): void {
    const known = this.#fields.get(field);
    if (known !== undefined && !known.has(version)) void known.refresh();
  }

  /** Somebody looks again: another console may have typed meanwhile. One question says which fields to ask for. */
  async refresh(): Promise<void> {
    const { client, line, post } = this.#of;
    const listed = await client.allUnsent(line, { post }).catch(() => undefined);
    const versions = new Map(listed?.map(({ field, version }) => [field, version]));
    for (const [name, field] of this.#fields) if (!field.has(versions.get(name))) void field.refresh();
  }

  stop(): void {
    for (const field of this.#fields.values()) field.stop();
  }

  #keyOf(name: string): string {
    return `${this.#of.line} ${this.#of.post} ${name}`;
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
