import { limits } from "@openline/core";
import type { Files } from "@openline/verify";

/** What somebody gave the page to check: one pack, or a record's folder. Paths are below the folder, with `/`. */
export type Chosen =
  | { readonly is: "pack"; readonly name: string; readonly bytes: Uint8Array }
  | { readonly is: "record"; readonly name: string; readonly files: Files }
  | { readonly is: "not-one" }
  | { readonly is: "too-long" | "not-readable"; readonly name: string };

export async function packFrom(file: File): Promise<Chosen> {
  const bytes = await bytesOf(file);
  return bytes instanceof Uint8Array ? { is: "pack", name: file.name, bytes } : { is: bytes, name: file.name };
}

/** The files of a folder as the browser lists them: their paths begin with the folder's own name. */
export async function folderFrom(list: readonly File[]): Promise<Chosen> {
  const files = new Map<string, Uint8Array>();
  let name = "";
  for (const file of list) {
    const [top = "", ...rest] = file.webkitRelativePath.split("/");
    name = top;
    const bytes = await bytesOf(file);
    if (!(bytes instanceof Uint8Array)) return { is: bytes, name: rest.join("/") };
    files.set(rest.join("/"), bytes);
  }
  return { is: "record", name, files };
}

/** What was dropped. A folder that holds nothing is a path that ends in `/`, as for the command. */
export async function droppedFrom(items: readonly FileSystemEntry[]): Promise<Chosen> {
  const [entry] = items;
  if (entry === undefined || items.length > 1) return { is: "not-one" };
  try {
    if (isFile(entry)) return await packFrom(await fileOf(entry));
    const files = new Map<string, Uint8Array>();
    const bad = isFolder(entry) ? await readBelow(entry, "", files) : undefined;
    return bad ?? { is: "record", name: entry.name, files };
  } catch {
    return { is: "not-readable", name: entry.name };
  }
}

async function readBelow(folder: FileSystemDirectoryEntry, path: string, files: Map<string, Uint8Array>): Promise<Chosen | undefined> {
  const entries = await entriesOf(folder);
  if (entries.length === 0 && path !== "") files.set(path, new Uint8Array());
  for (const entry of entries) {
    if (isFolder(entry)) {
      const bad = await readBelow(entry, `${path}${entry.name}/`, files);
      if (bad !== undefined) return bad;
    } else if (isFile(entry)) {
      const bytes = await bytesOf(await fileOf(entry));
      if (!(bytes instanceof Uint8Array)) return { is: bytes, name: `${path}${entry.name}` };
      files.set(`${path}${entry.name}`, bytes);
    }
  }
  return undefined;
}

async function bytesOf(file: File): Promise<Uint8Array | "too-long" | "not-readable"> {
  if (file.size > limits.packBytesMax) return "too-long";
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    return "not-readable";
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => {
    entry.file(resolve, reject);
  });
}

/** A folder hands out its entries in portions until an empty one. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const found: FileSystemEntry[] = [];
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (portion.length === 0) return found;
    found.push(...portion);
  }
}
