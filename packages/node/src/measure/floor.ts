import { randomBytes } from "node:crypto";
import { type AddressInfo, type Socket, connect, createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { parseLogId } from "@openline/core";
import { nativeSuite as suite } from "../crypto/native-suite.ts";
import { FileSecondPlace } from "../store/file-second-place.ts";
import { BYTES, bareStore } from "./bare-store.ts";
import type { BySize, Floor, Size } from "./figure.ts";
import { middle } from "./middles.ts";

const SAMPLES: BySize = { least: 10, quick: 200, usual: 1000 };
const REPEATED: BySize = { least: 1, quick: 200, usual: 200 };

export async function floorOf(folder: string, size: Size): Promise<Floor> {
  const bare = await bareStore(join(folder, "bare.db"));
  const [samples, repeated] = [SAMPLES[size], REPEATED[size]];
  await middle(50, bare.append);
  const single = await middle(samples, bare.append);
  const inHundreds = (await middle(samples / 10, () => Promise.all(Array.from({ length: 100 }, bare.append)))) / 100;
  const log = parseLogId("0123456789abcdef");
  const second = new FileSecondPlace(join(folder, "bare-second"));
  let place: { size: number; root: Uint8Array } | undefined;
  const swap = await middle(samples, async (i) => {
    const after = { size: i, root: new Uint8Array(32) };
    await second.swap(log, place, after);
    place = after;
  });
  await second.close();
  await bare.close();
  const seed = new Uint8Array(randomBytes(32));
  const key = suite.ed25519Public(seed);
  const message = new Uint8Array(randomBytes(BYTES));
  const signature = suite.signEd25519(seed, message);
  const each = async (step: () => void): Promise<number> =>
    (await middle(11, () => {
      for (let i = 0; i < repeated; i++) step();
    })) / repeated;
  const parts = {
    durable_append: single,
    loopback_round_trip: await roundTrip(samples),
    durable_append_in_hundreds: inHundreds,
    second_place_swap: swap,
    ed25519_sign: await each(() => void suite.signEd25519(seed, message)),
    ed25519_verify: await each(() => void suite.verifyEd25519(key, message, signature)),
    sha256: await each(() => void suite.sha256(message)),
  };
  const { durable_append, loopback_round_trip, ed25519_sign, ed25519_verify } = parts;
  return { ms: 2 * durable_append + loopback_round_trip + 3 * (ed25519_sign + ed25519_verify), parts };
}

/** As many bytes as a message has, over TCP on loopback and back. */
async function roundTrip(samples: number): Promise<number> {
  const server = createServer((socket: Socket) => void socket.setNoDelay(true).pipe(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1").setNoDelay(true);
  await once(socket, "connect");
  const bytes = randomBytes(BYTES);
  const time = await middle(samples, async () => {
    const back = once(socket, "data");
    socket.write(bytes);
    await back;
  });
  socket.destroy();
  server.close();
  return time;
}
