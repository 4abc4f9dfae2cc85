import { sign, verify } from "node:crypto";
import { strictEd25519Point } from "@openline/core";
import type { Ed25519 } from "./ed25519.ts";
import { ed25519Kind, PublicKeys, rawPublic, secretKeyObject, SigningKeys } from "./native-keys.ts";

/** OpenSSL by itself takes keys that are not canonical or of small order; `strictEd25519Point` stands in front of it. */
export const opensslEd25519: Ed25519 = {
  ed25519Public: (seed) => rawPublic(ed25519Kind, signers.get(seed)),
  signEd25519: (seed, message) => new Uint8Array(sign(null, message, signers.get(seed))),
  verifyEd25519(publicKey, message, signature) {
    if (signature.length !== 64 || !strictEd25519Point(signature.subarray(0, 32))) return false;
    const key = keys.get(publicKey);
    return key !== undefined && verify(null, message, key, signature);
  },
};

/** A line has at most 60 parties; each has a few log, post and directory keys in use at one time. */
const keys = new PublicKeys(ed25519Kind, 2048, strictEd25519Point);
const signers = new SigningKeys((seed) => secretKeyObject(ed25519Kind, seed));
