import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { OpenlineError } from "@openline/core";
import { plainYaml } from "../operate/yaml-file.ts";
import { parseAddress } from "../bearers/tls/handshake.ts";

/** Which ways a node opens to its peers: `bearers.yaml` in the line's folder, which its operator writes. */
export interface BearerSettings {
  /** Where peers may call; none: nowhere. */
  readonly listen: readonly { readonly host: string; readonly port: number }[];
  /** Where peers are called, instead of the addresses in their party files and beside those that they announce later. */
  readonly dial: readonly string[] | undefined;
  /** Folders whose parcels are carried by hand, or pass a diode. */
  readonly carried: readonly CarriedSettings[];
}

/** Absolute folders; at least one of `out` and `in`. */
export interface CarriedSettings {
  /** Parcels to be carried away. */
  readonly out: string | undefined;
  /** Parcels that were brought. */
  readonly in: string | undefined;
  /** Where they go once they have been read; undefined: they are removed. */
  readonly done: string | undefined;
  /** To which party; undefined: the only other one. */
  readonly peer: string | undefined;
}

type Wrong = (what: string) => OpenlineError;
type Fields = Readonly<Record<string, unknown>>;

const FILE = "bearers.yaml";
const KEYS: ReadonlySet<string> = new Set(["listen", "dial", "carried"]);
const CARRIED_KEYS: ReadonlySet<string> = new Set(["out", "in", "done", "peer"]);

/** Without the file a node does not listen and calls its peers where their party files say. Throws `OpenlineError` `usage`. */
export async function readBearerSettings(dir: string): Promise<BearerSettings> {
  const text = await readFile(join(dir, FILE), "utf8").catch(() => undefined);
  if (text === undefined) return { listen: [], dial: undefined, carried: [] };
  const wrong: Wrong = (what) => new OpenlineError("usage", `${join(dir, FILE)}: ${what}`);
  const value = plainYaml(text, join(dir, FILE));
  if (!isFields(value)) throw wrong("a map expected");
  onlyKeys(value, KEYS, wrong);
  const { listen, dial, carried } = value;
  return {
    listen: listenOf(listen, wrong),
    dial: dial === undefined ? undefined : dialOf(dial, wrong),
    carried: carriedOf(carried, { dir, wrong }),
  };
}

function onlyKeys(value: Fields, keys: ReadonlySet<string>, wrong: Wrong): void {
  const unknown = Object.keys(value).find((key) => !keys.has(key));
  if (unknown !== undefined) throw wrong(`no key "${unknown}"; it has ${[...keys].join(", ")}`);
}

function dialOf(dial: unknown, wrong: Wrong): readonly string[] {
  const addresses = Array.isArray(dial)
    ? dial.filter((item): item is string => typeof item === "string" && parseAddress(item) !== undefined)
    : [];
  if (!Array.isArray(dial) || addresses.length !== dial.length) throw wrong("dial: a list of host:port expected");
  return addresses;
}

/** One address, or while one takes the place of another several. */
function listenOf(listen: unknown, wrong: Wrong): BearerSettings["listen"] {
  const all: readonly unknown[] = listen === undefined ? [] : Array.isArray(listen) ? listen : [listen];
  return all.map((item) => {
    const at = typeof item === "string" ? parseListen(item) : undefined;
    if (at === undefined) throw wrong("listen: host:port expected, or a list of them");
    return at;
  });
}

/** Folders are meant from the line's folder on. */
function carriedOf(carried: unknown, { dir, wrong }: { readonly dir: string; readonly wrong: Wrong }): readonly CarriedSettings[] {
  if (carried === undefined) return [];
  if (!Array.isArray(carried)) throw wrong("carried: a list expected");
  return carried.map((item: unknown) => {
    if (!isFields(item)) throw wrong("carried: a list of maps expected");
    onlyKeys(item, CARRIED_KEYS, wrong);
    const text = (key: string): string | undefined => {
      const value = item[key];
      if (value !== undefined && (typeof value !== "string" || value === "")) throw wrong(`carried: ${key}: text expected`);
      return value;
    };
    const folder = (key: string): string | undefined => {
      const value = text(key);
      return value === undefined ? undefined : resolve(dir, value);
    };
    const settings = { out: folder("out"), in: folder("in"), done: folder("done"), peer: text("peer") };
    const folders = [settings.out, settings.in, settings.done].filter((path) => path !== undefined);
    if (settings.out === undefined && settings.in === undefined) throw wrong("carried: a folder for out, for in, or for both expected");
    if (new Set(folders).size < folders.length) throw wrong("carried: each folder has one use");
    return settings;
  });
}

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

/** As an address to dial, and port 0: any free one. */
function parseListen(text: string): BearerSettings["listen"][number] | undefined {
  return text.endsWith(":0") ? { host: text.slice(0, -2), port: 0 } : parseAddress(text);
}
