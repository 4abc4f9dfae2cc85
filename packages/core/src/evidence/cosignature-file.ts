import { concatBytes } from "../encoding/bytes.ts";
import { decode, encode } from "../encoding/cbor.ts";
import { asBytes, asTuple, asUint } from "../encoding/shape.ts";
import { RefusedInput } from "../errors.ts";
import type { SourceCosignature } from "./record-source.ts";

/** One item of the file `cosignatures`: [size, root (32), time, signature (64)]. Who made it follows from the key. */
export type CosignatureItem = Omit<SourceCosignature, "by">;

/** The file `cosignatures`, a CBOR sequence (RFC 8742): by size, then time, otherwise as given. */
export function cosignatureFile(cosignatures: readonly CosignatureItem[]): Uint8Array {
  const sorted = [...cosignatures].sort((a, b) => a.size - b.size || a.time - b.time);
  return concatBytes(...sorted.map(({ size, root, time, signature }) => encode([size, root, time, signature])));
}

/** Throws `RefusedInput`. */
export function parseCosignatureFile(file: Uint8Array): readonly CosignatureItem[] {
  const items: CosignatureItem[] = [];
  for (let at = 0; at < file.length;) {
    const end = itemEnd(file, at);
    const [size, root, time, signature] = asTuple(decode(file.subarray(at, end)), "cosignature", 4);
    items.push({
      size: asUint(size, "size"),
      root: asBytes(root, "root", 32),
      time: asUint(time, "time", 253_402_300_799),
      signature: asBytes(signature, "signature", 64),
    });
    at = end;
  }
  return items;
}

/** Where the item that starts at `at` ends. An item has one shape, so only its two integers vary in length; that the shape
 *  is kept is checked when the item is decoded. */
function itemEnd(file: Uint8Array, at: number): number {
  const afterSize = at + 1 + uintLength(file[at + 1]);
  const afterTime = afterSize + 2 + 32 + uintLength(file[afterSize + 2 + 32]);
  const end = afterTime + 2 + 64;
  if (end > file.length) throw new RefusedInput("truncated", "ends inside a cosignature");
  return end;
}

function uintLength(initial: number | undefined): number {
  if (initial === undefined || initial > 27) throw new RefusedInput("malformed", "not [size, root, time, signature]");
  return initial < 24 ? 1 : 1 + 2 ** (initial - 24);
}
