import { describe, expect, test } from "vitest";
import {
  type Digest,
  type Party,
  encapsulate,
  encodePskLost,
  encodeSignedPskLost,
  noticeFrame,
  parseUnixSeconds,
  pskLostDigest,
  sealEnvelope,
  signPskLost,
  toHex,
} from "@openline/core";
import { MemoryLink, nativeSuite } from "@openline/node";
import { MemoryNotices } from "../../src/seal/notice-place.ts";
import { seeded } from "../node/line.ts";
import { SealedLine } from "./sealed-line.ts";

/** What root holders of one side say of the key that it shared with the other. `holders`: whose seeds sign, of which party. */
function noticeOf(sealed: SealedLine, of: 0 | 1, holders: readonly number[], signers: 0 | 1 = of) {
  const { accord, players } = sealed.line;
  const [party, peer] = [accord.parties[of]!.id, accord.parties[1 - of]!.id];
  const notice = encodePskLost({ line: accord.line, party, peer, at: parseUnixSeconds(sealed.line.now / 1000) });
  const roots = players[signers]!.secrets.roots!;
  const signatures = holders.map((holder) => signPskLost(nativeSuite, roots[holder]!, notice));
  const digest: Digest = pskLostDigest(nativeSuite, notice);
  return { digest, bytes: encodeSignedPskLost({ notice, signatures }) };
}

/** One side starts without the key, and with this notice beside it. */
async function loses(sealed: SealedLine, of: 0 | 1, notice?: { readonly digest: Digest; readonly bytes: Uint8Array }): Promise<void> {
  sealed.lostKey.add(of);
  if (notice !== undefined) await sealed.notices[of]!.save(notice.digest, notice.bytes);
  await sealed.start(of);
}

const lostOn = (sealed: SealedLine, position: 0 | 1): readonly string[] =>
  sealed.nodes[position]!.record.lostPsks.map((acts) => acts.map(({ header }) => header.facts.digest).join());

describe("a lost pre-shared key", () => {
  test("is told to the other side, both seal without it, and both records say so", async () => {
    const sealed = await SealedLine.open();
    await sealed.settle(12);
    const notice = noticeOf(sealed, 1, [0, 2]);
    await loses(sealed, 1, notice);
    await sealed.settle(20);
    expect(sealed.cut(0)).toBe(sealed.cut(1));
    expect(sealed.kinds(1).filter((kind) => kind === "psk-lost")).toHaveLength(1);
    for (const position of [0, 1] as const) {
      expect(lostOn(sealed, position)).toEqual(["", notice.digest]);
      expect(sealed.sealings[position]!.withoutPsk.map(({ said }) => said?.party)).toEqual([sealed.line.accord.parties[1]!.id]);
    }
    // A notice is told until the other side seals without the key, and not for ever.
    const before = sealed.wire.length;
    await sealed.settle(6);
    expect(Math.max(...sealed.wire.slice(before).map(({ length }) => length))).toBeLessThan(notice.bytes.length);
  });

  test("is kept: whoever starts again goes on without the key, and whoever has forgotten is told again", async () => {
    const sealed = await SealedLine.open();
    await sealed.settle(12);
    await loses(sealed, 1, noticeOf(sealed, 1, [0, 1]));
    await sealed.settle(20);
    const unopened = sealed.sealings[0]!.unopened;
    await sealed.start(0);
    await sealed.settle(12);
    expect(sealed.sealings[0]!.unopened).toBeLessThanOrEqual(unopened);
    expect(sealed.cut(0)).toBe(sealed.cut(1));
    // Restored from a backup of before: the key is in its key file again.
    for (const position of [0, 1] as const) {
      sealed.lostKey.delete(position);
      sealed.notices[position] = new MemoryNotices();
      await sealed.start(position);
      await sealed.nodes[1 - position]!.seal();
      await sealed.settle(30);
      expect(sealed.sealings[position]!.withoutPsk).toHaveLength(1);
      expect(sealed.cut(0)).toBe(sealed.cut(1));
    }
  });

  test("said by both sides at once, each log has its own act", async () => {
    const sealed = await SealedLine.open();
    await sealed.settle(12);
    const [first, second] = [noticeOf(sealed, 0, [0, 1]), noticeOf(sealed, 1, [1, 2])];
    await loses(sealed, 0, first);
    await loses(sealed, 1, second);
    await sealed.settle(30);
    expect(sealed.cut(0)).toBe(sealed.cut(1));
    for (const position of [0, 1] as const) expect(lostOn(sealed, position)).toEqual([first.digest, second.digest]);
  });

  test("and nobody has said so: nothing gets in that was sealed without it, and nothing is lost", async () => {
    const sealed = await SealedLine.open();
    await sealed.settle(12);
    const before = sealed.nodes[0]!.record.logs.get(sealed.line.accord.parties[1]!.incarnation)!.times.length;
    await loses(sealed, 1);
    expect(sealed.sealings[1]!.withoutPsk.map(({ said }) => said)).toEqual([undefined]);
    await sealed.nodes[1]!.seal();
    await sealed.settle(20);
    expect(sealed.nodes[0]!.record.logs.get(sealed.line.accord.parties[1]!.incarnation)!.times).toHaveLength(before);
    expect(sealed.sealings[0]!.unopened).toBeGreaterThan(0);
    expect(sealed.sealings[0]!.withoutPsk).toEqual([]);
    sealed.lostKey.delete(1);
    await sealed.start(1);
    await sealed.settle(20);
    expect(sealed.cut(0)).toBe(sealed.cut(1));
  });

  test.each([
    ["one holder of two", [0], 1],
    ["holders of the other side", [0, 1], 0],
  ] as const)("a notice of %s changes nothing, on the way or in the folder", async (_, holders, signers) => {
    const sealed = await SealedLine.open();
    await sealed.settle(12);
    const notice = noticeOf(sealed, 1, holders, signers);
    await loses(sealed, 1, notice);
    expect(sealed.sealings[1]!.withoutPsk.map(({ said }) => said)).toEqual([undefined]);
    // Somebody who knows the keys in the party files seals it as the node would.
    await sealed.notices[0]!.save(notice.digest, notice.bytes);
    await sealed.start(0);
    await sealed.settle(12);
    expect(sealed.sealings[0]!.withoutPsk).toEqual([]);
    expect(lostOn(sealed, 0)).toEqual(["", ""]);
  });

  test("whoever knows only what the party files say gets nothing in, neither a frame nor a notice of too few", async () => {
    const sealed = await SealedLine.open();
    await sealed.settle(12);
    const { accord, players } = sealed.line;
    const [to, from] = accord.parties as [Party, Party];
    const context = { line: accord.line, from: from.key, to: to.key, prekey: null };
    const publicKey = to.file.seal;
    const stranger = encapsulate(nativeSuite, { publicKey, context, psk: null, coins: new Uint8Array(64).fill(9) });
    const bearer = new MemoryLink("way").join(0, async () => undefined);
    const put = (frame: Uint8Array, id: number): Uint8Array | undefined =>
      sealed.sealings[0]!.open(
        sealEnvelope(nativeSuite, stranger, { id: new Uint8Array(16).fill(id), publicKey, heard: [], frame }),
        bearer,
      );
    const before = sealed.sealings[0]!.unopened;
    expect(put(Uint8Array.of(0x81, 1), 1)).toBeUndefined();
    expect(sealed.sealings[0]!.unopened).toBe(before + 1);
    for (const [id, notice] of [noticeOf(sealed, 1, [0]), noticeOf(sealed, 1, [0, 1], 0), { bytes: new Uint8Array(9) }].entries())
      expect(put(noticeFrame(notice.bytes), 2 + id)).toBeUndefined();
    await sealed.settle(4);
    expect(sealed.sealings[0]!.withoutPsk).toEqual([]);
    expect(await sealed.notices[0]!.load()).toEqual([]);
    // Enough holders: now it counts, whoever brought it.
    put(noticeFrame(noticeOf(sealed, 1, [0, 1]).bytes), 9);
    await sealed.nodes[0]!.tick();
    expect(sealed.sealings[0]!.withoutPsk.map(({ said }) => said?.party)).toEqual([from.id]);
    expect(players[0]!.options.party).toBe(to);
  });

  test.each([1, 2, 3, 4])("is told over any loss, doubling and delay: seed %i", async (seed) => {
    const sealed = await SealedLine.open(seed);
    await sealed.settle(12);
    const chance = seeded(seed + 100);
    sealed.weather = () =>
      (["now", "late", "now"] as const).slice(0, chance.below(4)).map((when) => (chance.below(3) === 0 ? "late" : when));
    await loses(sealed, 1, noticeOf(sealed, 1, [0, 1]));
    await sealed.settle(16);
    sealed.weather = () => ["now"];
    await sealed.settle(24);
    expect(sealed.cut(0)).toBe(sealed.cut(1));
    expect(lostOn(sealed, 0)).toEqual(lostOn(sealed, 1));
    expect(sealed.wire.map(toHex).filter((envelope) => envelope.includes(sealed.line.accord.line))).toEqual([]);
  });
});
