import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { readdir } from "node:fs/promises";
import {
  KINDS,
  type KindName,
  type LeafHash,
  type LineRecord,
  OpenlineError,
  type PartyId,
  type PostId,
  type Result,
  type UnixMillis,
  type UnixSeconds,
  logLabel,
  ok,
  parsePostId,
  parseUnixSeconds,
  postOf,
  refusable,
} from "@openline/core";
import { nativeSuite } from "../crypto/native-suite.ts";
import { Node, type Receipt } from "../node.ts";
import { type OpenFolder, openFolder } from "./folder.ts";
import { readAct } from "./act-file.ts";
import { handOf, submitDraft } from "./line-setup.ts";
import type { Said } from "@openline/core";
import { JoinedNodes } from "./links.ts";

/** Where the act came to stand: outside tools call a party's current log by its id. */
export interface ActPlace {
  readonly log: PartyId;
  readonly index: number;
  readonly leaf: LeafHash;
  /** The time it was placed at: that of the log where the log was ahead of the clock. */
  readonly placedAt: UnixSeconds;
}

/** Places an act of any kind that a post or the node may sign into the folder of an exercise, whose keys lie beside it, and
 *  exchanges it with the other parties' folders where they lie side by side. Throws `OpenlineError` for what is not an act
 *  file or not such a folder; what the line does not allow is returned as a refusal. */
export async function placeAct(options: {
  readonly dir: string;
  readonly kind: KindName;
  readonly act: unknown;
  readonly now: UnixMillis;
  readonly exchange: boolean;
}): Promise<Result<ActPlace>> {
  const folder = await openFolder(options.dir);
  const opened: OpenFolder[] = [folder];
  try {
    if (options.exchange) for (const dir of await neighbours(options.dir)) opened.push(await openFolder(dir));
    const clock = { now: () => options.now };
    const nodes: Node[] = [];
    for (const item of opened) nodes.push(await openNode(item, clock));
    const [node] = nodes;
    if (node === undefined) throw new OpenlineError("usage", "no node");
    const line = await JoinedNodes.join(nodes);
    await line.settle();
    const result = await submit(folder, node, options);
    await line.settle();
    await line.seal();
    if (!result.ok) return result;
    const { log, index, leaf } = result.value;
    const placedAt = parseUnixSeconds(node.record.logs.get(log)?.times[index] ?? 0);
    return ok({ log: folder.party.id, index, leaf, placedAt });
  } finally {
    for (const item of opened) {
      await item.store.close();
      await item.second.close();
    }
  }
}

/** Folders of other parties of the same exercise beside this one. */
async function neighbours(dir: string): Promise<readonly string[]> {
  const parent = dirname(dir);
  const names = await readdir(parent, { withFileTypes: true });
  return names.filter((item) => item.isDirectory() && join(parent, item.name) !== dir).map((item) => join(parent, item.name));
}

function openNode(folder: OpenFolder, clock: { now(): UnixMillis }): Promise<Node> {
  return Node.open({
    suite: nativeSuite,
    accord: folder.accord,
    party: folder.party,
    keys: folder.secrets.keys,
    store: folder.store,
    second: folder.second,
    world: { clock, random: (count) => new Uint8Array(randomBytes(count)) },
    receiptDelayMs: 0,
    unprompted: false,
  });
}

/** Who acts where the file does not say: the post that is addressed by what the act refers to, else the party's first on the
 *  channel, as in an exercise file. */
function ownPost({ party, accord }: OpenFolder, node: Node, { channel, refs }: Said): PostId {
  const id = accord.terms.channels.find((item) => item.number === channel)?.id;
  const posts = party.file.posts.filter((post) => id === undefined || post.channels.includes(id)).map((post) => post.id);
  const named = (refs ?? []).flatMap((leaf) => node.record.byLeaf.get(leaf)?.header?.to ?? []);
  const own = named.filter((address) => !address.includes("/") || address.startsWith(`${party.id}/`));
  const addressed = new Set(own.map(postOf));
  const post = posts.find((item) => addressed.has(item)) ?? posts[0];
  if (post === undefined) throw new OpenlineError("usage", `${party.id} has no post on ${id ?? "the line"}: say which with "from"`);
  return parsePostId(post);
}

/** The entry that outside tools call `LOG/INDEX`: after the exchange, so that it may be one that has only just come. */
const leafIn =
  (record: LineRecord) =>
  (place: string): LeafHash | undefined =>
    [...record.byLeaf.values()].find(({ log, index }) => `${logLabel(record, log)}/${index}` === place)?.leaf;

async function submit(
  folder: OpenFolder,
  node: Node,
  options: { readonly kind: KindName; readonly act: unknown },
): Promise<Result<Receipt>> {
  const read = refusable(() => readAct({ accord: folder.accord, leafAt: leafIn(node.record) }, options.kind, options.act));
  if (!read.ok) return read;
  const { by } = KINDS[options.kind];
  const { body } = read.value;
  const said =
    by === "post" ? { ...read.value.said, from: read.value.said.from ?? ownPost(folder, node, read.value.said) } : read.value.said;
  const { secrets } = folder;
  const seed = by === "node" ? secrets.keys.node : by === "post" ? secrets.watch.get(said.from ?? "") : secrets.directory[0];
  if (seed === undefined) throw new OpenlineError("usage", `${folder.dir} holds no key of post ${said.from ?? "(none)"}`);
  const hands = [{ ...handOf(nativeSuite, seed), role: by === "node" ? ("node" as const) : ("author" as const) }];
  const second = secrets.directory[1];
  if (by === "directory-two" && second !== undefined) hands.push({ ...handOf(nativeSuite, second), role: "author" as const });
  const roles = hands.map((hand, i) => (i === 0 ? hand : { ...hand, role: "releaser" as const }));
  return submitDraft(node, said, roles, body);
}
