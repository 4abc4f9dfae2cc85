import { bearerAcceptance } from "./acceptance.ts";
import { TlsWay } from "./tls-way.ts";

bearerAcceptance("TLS", () => TlsWay.open(), { oneWay: false });
