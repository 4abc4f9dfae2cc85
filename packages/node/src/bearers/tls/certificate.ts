import { type KeyObject, X509Certificate, createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";
import { OpenlineError } from "@openline/core";

/** A node's own TLS key with the certificate it shows. PEM. */
export interface TlsIdentity {
  readonly key: string;
  readonly certificate: string;
}

/** A new Ed25519 key and a certificate that it signs itself. Peers know the key by its pin; the certificate carries it and says
 *  nothing else: `name` is 16 random hex digits, the dates are the ends of time. DER by RFC 5280 §4.1 and RFC 8410.
 *  Written here, since Node reads certificates and makes none, and the libraries that do bring far more than these 40 lines. */
export function newTlsIdentity(random: (count: number) => Uint8Array): TlsIdentity {
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, random(32)]), format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(privateKey);
  const name = sequence(set(sequence(COMMON_NAME, tagged(UTF8_STRING, Buffer.from(Buffer.from(random(8)).toString("hex"))))));
  const validity = sequence(tagged(UTC_TIME, Buffer.from("700101000000Z")), tagged(GENERALIZED_TIME, Buffer.from("99991231235959Z")));
  // 1 in front: a serial number is positive and has no needless leading zero.
  const serial = tagged(INTEGER, Uint8Array.of(1), random(15));
  const version3 = tagged(EXPLICIT_0, tagged(INTEGER, Uint8Array.of(2)));
  const body = sequence(version3, serial, ED25519, name, validity, name, spkiOf(publicKey));
  const certificate = sequence(body, ED25519, tagged(BIT_STRING, Uint8Array.of(0), sign(null, body, privateKey)));
  return { key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(), certificate: pem(certificate) };
}

/** How a peer knows a TLS key: SHA-256 of its SubjectPublicKeyInfo, hex (RFC 7469 §2.4). */
export const pinOf = (certificate: X509Certificate): string => createHash("sha256").update(spkiOf(certificate.publicKey)).digest("hex");

/** The pin of an identity's own key. Throws `OpenlineError` `damaged` where certificate and key are not a pair. */
export function pinOfIdentity({ key, certificate }: TlsIdentity): string {
  try {
    const read = new X509Certificate(certificate);
    const own = createHash("sha256")
      .update(spkiOf(createPublicKey(key)))
      .digest("hex");
    if (own === pinOf(read)) return own;
  } catch (cause) {
    throw new OpenlineError("damaged", "the TLS key or certificate cannot be read", { cause });
  }
  throw new OpenlineError("damaged", "the TLS certificate is not that of its key");
}

const spkiOf = (key: KeyObject): Buffer => key.export({ type: "spki", format: "der" });

const INTEGER = 0x02;
const BIT_STRING = 0x03;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
const EXPLICIT_0 = 0xa0;

/** One DER value: tag, definite length, content. */
function tagged(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  const { length } = content;
  const header = length < 128 ? [tag, length] : length < 256 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 255];
  return Buffer.concat([Uint8Array.from(header), content]);
}
const sequence = (...parts: readonly Uint8Array[]): Uint8Array => tagged(0x30, ...parts);
const set = (...parts: readonly Uint8Array[]): Uint8Array => tagged(0x31, ...parts);

/** What stands before the 32 bytes of a seed in a PKCS #8 file, RFC 8410 §7. */
const PKCS8_ED25519 = Buffer.from("302e020100300506032b657004220420", "hex");

/** AlgorithmIdentifier of Ed25519, 1.3.101.112, and the attribute type commonName, 2.5.4.3. */
const ED25519 = sequence(Uint8Array.of(0x06, 3, 0x2b, 0x65, 0x70));
const COMMON_NAME = Uint8Array.of(0x06, 3, 0x55, 0x04, 0x03);

function pem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
