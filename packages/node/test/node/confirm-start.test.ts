import { expect, test } from "vitest";
import { breathe, connected, expectEqual } from "./connected.ts";

test("a node that asks first lets its people wait, and goes on when a peer has no more than it has", async () => {
  const line = await connected();
  const old = line.node(0).own.log;
  await line.settle();
  line.links[0]!.up = false;
  await line.reopen(0, { confirmStart: true });
  const size = line.node(0).own.frontier.size;
  let placed = false;
  const waiting = line.submit(0).then((said) => (placed = said.ok));
  line.wait(9);
  await line.node(0).tick();
  await breathe();
  expect([placed, line.node(0).own.frontier.size]).toEqual([false, size]);
  line.links[0]!.up = true;
  await line.node(1).tick();
  await line.deliver();
  await waiting;
  expect([placed, line.node(0).own.log]).toEqual([true, old]);
  await line.settle(6);
  expectEqual(line);
});

test("a node that asks first opens a new incarnation after 10 s without an answer", async () => {
  const line = await connected();
  const old = line.node(0).own.log;
  line.links[0]!.up = false;
  await line.submit(0);
  const end = line.node(0).own.frontier.size;
  expect((await line.node(0).options.store.latestHead(old))!.size).toBeLessThan(end);
  await line.reopen(0, { confirmStart: true });
  const waiting = line.submit(0);
  line.wait(10);
  await line.node(0).tick();
  expect((await waiting).ok).toBe(true);
  expect(line.node(0).own.log).not.toBe(old);
  // Its end is signed first: otherwise no export could show what it was closed with.
  expect((await line.node(0).options.store.latestHead(old))!.size).toBe(end);
  line.links[0]!.up = true;
  await line.settle(8);
  expectEqual(line);
});
