import { createServer } from "node:net";
import { EXIT, Ended } from "../exit.ts";

/** Where one party's node is reached on this machine. */
export interface PartyPorts {
  readonly console: number;
  readonly metrics: number;
  /** Where the other party of its line calls. */
  readonly peer: number;
}

export interface Ports {
  readonly page: number;
  readonly parties: readonly PartyPorts[];
}

/** Ports in a row from `first`, so that an address stays the same from one start to the next; `first` 0: free ones. Throws `Ended`
 *  where one of them is taken. */
export async function portsFrom(first: number, parties: number): Promise<Ports> {
  const count = 1 + 3 * parties;
  if (first + count > 65_536) throw new Ended(EXIT.usage, `${count} ports from ${first} on are needed; take a lower --port`);
  const wanted = Array.from({ length: count }, (_, i) => (first === 0 ? 0 : first + i));
  const ports = await free(wanted);
  const at = (i: number): number => ports[i] ?? 0;
  const party = (i: number): PartyPorts => ({ console: at(1 + i), metrics: at(1 + parties + i), peer: at(1 + 2 * parties + i) });
  return { page: at(0), parties: Array.from({ length: parties }, (_, i) => party(i)) };
}

/** All are held at once, so that the system names none of them twice; then they are let go of for those who will listen. */
async function free(wanted: readonly number[]): Promise<readonly number[]> {
  const asked = await Promise.allSettled(wanted.map(hold));
  const held = asked.flatMap((result) => (result.status === "fulfilled" ? result.value : []));
  const taken = wanted.filter((_, i) => asked[i]?.status === "rejected");
  await Promise.all(held.map(async (one) => one.letGo()));
  if (taken.length > 0)
    throw new Ended(
      EXIT.unavailable,
      `port ${taken.join(", ")} is taken on this machine; --port N takes those from N on, --port 0 free ones`,
    );
  return held.map(({ port }) => port);
}

function hold(port: number): Promise<{ readonly port: number; letGo(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port }, () => {
      const address = server.address();
      const letGo = (): Promise<void> => new Promise((done) => server.close(() => done()));
      resolve({ port: typeof address === "object" && address !== null ? address.port : port, letGo });
    });
  });
}
