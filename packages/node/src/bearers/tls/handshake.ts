import { type ConnectionOptions, type TLSSocket, type TlsOptions, connect } from "node:tls";
import { type TlsIdentity, pinOf } from "./certificate.ts";

/** The one profile: TLS 1.3, the hybrid group, both ends show a certificate. No authority vouches for anybody; the pin does. */
export function tlsProfile({ key, certificate }: TlsIdentity): ConnectionOptions & TlsOptions {
  return {
    key,
    cert: certificate,
    minVersion: "TLSv1.3",
    maxVersion: "TLSv1.3",
    // Named here and nowhere else: a peer that offers none of these does not get in, so nothing can be talked down.
    ecdhCurve: "X25519MLKEM768",
    requestCert: true,
    rejectUnauthorized: false,
  };
}

/** The pin of the key that the other end has just shown; undefined where it showed none, or resumed a session. */
export function shownPin(socket: TLSSocket): string | undefined {
  if (socket.isSessionReused()) return undefined;
  try {
    const certificate = socket.getPeerX509Certificate();
    return certificate === undefined ? undefined : pinOf(certificate);
  } catch {
    // A certificate that OpenSSL let pass and whose key it cannot write out again is nobody's.
    return undefined;
  }
}

/** `host:port`, with brackets around an IPv6 address. Undefined for anything else. */
export function parseAddress(text: string): { readonly host: string; readonly port: number } | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]{1,253})):([0-9]{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host === undefined || port < 1 || port > 65_535 ? undefined : { host, port };
}

/** Dials. No server name is sent: nothing readable of a line travels. */
export const dial = (address: { readonly host: string; readonly port: number }, profile: ConnectionOptions): TLSSocket =>
  connect({ ...profile, ...address, servername: "" });
