import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { OpenlineError } from "@openline/core";
import { parse } from "yaml";
import { parseAddress } from "../bearers/tls/handshake.ts";

/** Which ways a node opens to its peers: `bearers.yaml` in the line's folder, which its operator writes. */
export interface BearerSettings {
  /** Where peers may call; undefined: nowhere. */
  readonly listen: { readonly host: string; readonly port: number } | undefined;
  /** Where peers are called, instead of the addresses in their party files. */
  readonly dial: readonly string[] | undefined;
}

const FILE = "bearers.yaml";
const KEYS: ReadonlySet<string> = new Set(["listen", "dial"]);

/** Without the file a node does not listen and calls its peers where their party files say. Throws `OpenlineError` `usage`. */
export async function readBearerSettings(dir: string): Promise<BearerSettings> {
  const text = await readFile(join(dir, FILE), "utf8").catch(() => undefined);
  if (text === undefined) return { listen: undefined, dial: undefined };
  const wrong = (what: string): OpenlineError => new OpenlineError("usage", `${join(dir, FILE)}: ${what}`);
  const value = parsed(text, wrong);
  const unknown = Object.keys(value).find((key) => !KEYS.has(key));
  if (unknown !== undefined) throw wrong(`no key "${unknown}"; it has ${[...KEYS].join(", ")}`);
  const { listen, dial } = value;
  const at = typeof listen === "string" ? parseListen(listen) : undefined;
  if (listen !== undefined && at === undefined) throw wrong("listen: host:port expected");
  if (dial === undefined) return { listen: at, dial: undefined };
  const addresses = Array.isArray(dial)
    ? dial.filter((item): item is string => typeof item === "string" && parseAddress(item) !== undefined)
    : [];
  if (!Array.isArray(dial) || addresses.length !== dial.length) throw wrong("dial: a list of host:port expected");
  return { listen: at, dial: addresses };
}

function parsed(text: string, wrong: (what: string) => OpenlineError): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = parse(text, { maxAliasCount: 0 });
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch (error) {
    throw wrong(error instanceof Error ? (error.message.split("\n")[0] ?? "") : "no YAML");
  }
  throw wrong("a map expected");
}

/** As an address to dial, and port 0: any free one. */
function parseListen(text: string): BearerSettings["listen"] {
  return text.endsWith(":0") ? { host: text.slice(0, -2), port: 0 } : parseAddress(text);
}
