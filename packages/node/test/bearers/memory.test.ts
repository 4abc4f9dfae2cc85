import { MemoryLink } from "../../src/bearers/memory.ts";
import { Takers, bearerAcceptance } from "./acceptance.ts";

bearerAcceptance(
  "memory",
  async () => {
    const link = new MemoryLink("link");
    const takers = new Takers();
    const ends = [link.join(0, takers.take(0)), link.join(1, takers.take(1))] as const;
    let carrying: Promise<void> | undefined;
    return {
      ends,
      takers,
      step: async () => {
        carrying ??= link.deliver().finally(() => (carrying = undefined));
        await new Promise((resolve) => setImmediate(resolve));
      },
      cut: async () => {
        link.up = false;
      },
      heal: async () => {
        link.up = true;
      },
      // Any bytes are a frame here.
      intrude: async (bytes) => {
        if (bytes.length > 0) await ends[0].send(bytes);
        await link.deliver();
      },
      remove: async () => undefined,
    };
  },
  { oneWay: false },
);
