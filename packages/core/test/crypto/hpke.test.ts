import fc from "fast-check";
import { AEAD_EXPORT_ONLY, CipherSuite, KDF_HKDF_SHA256, KEM_MLKEM768_X25519 } from "hpke";
import { describe, expect, test } from "vitest";
import { fromHex, hpkeKeySchedule, type HpkePsk, setupReceiver, setupSender, toHex, utf8, xwingKemId } from "../../src/index.ts";
import { nativeSuite } from "../../../node/src/crypto/native-suite.ts";
import { nobleSuite } from "../../../verify/src/noble-suite.ts";
import { suites, vectors } from "./vectors.ts";

type PskHex = { readonly psk: string; readonly pskId: string } | null;
const pskOf = (hex: PskHex): HpkePsk | undefined => (hex === null ? undefined : { psk: fromHex(hex.psk), pskId: fromHex(hex.pskId) });

interface Schedule {
  readonly kemId: number;
  readonly sharedSecret: string;
  readonly info: string;
  readonly psk: PskHex;
}
interface Sealed {
  readonly seed: string;
  readonly coins: string;
  readonly sender: { readonly publicKeyOf: string; readonly info: string; readonly psk: PskHex };
  readonly receiver: { readonly info: string; readonly psk: PskHex };
}
interface Exported {
  readonly encSha256: string;
  readonly exporterContext: string;
  readonly senderValue: string;
  readonly receiverValue: string;
}

describe.each(suites)("$name", ({ suite }) => {
  test.each(vectors<Schedule, readonly { exporterContext: string; value: string }[] | null>("hpke-key-schedule"))(
    "key schedule: $comment",
    ({ input, expect: expected }) => {
      const setup = { kemId: input.kemId, sharedSecret: fromHex(input.sharedSecret), info: fromHex(input.info), psk: pskOf(input.psk) };
      if (expected === null) {
        expect(() => hpkeKeySchedule(suite, setup)).toThrow(RangeError);
        return;
      }
      const exporter = hpkeKeySchedule(suite, setup);
      for (const { exporterContext, value } of expected) expect(toHex(exporter.export(fromHex(exporterContext), 32))).toBe(value);
    },
  );

  test.each(vectors<Sealed, Exported>("hpke-xwing"))("over X-Wing: $comment", ({ input, expect: expected }) => {
    const publicKey = suite.xwingPublic(fromHex(input.sender.publicKeyOf));
    const sent = { publicKey, coins: fromHex(input.coins), info: fromHex(input.sender.info), psk: pskOf(input.sender.psk) };
    const { enc, exporter } = setupSender(suite, sent);
    const receiver = setupReceiver(suite, {
      seed: fromHex(input.seed),
      enc,
      info: fromHex(input.receiver.info),
      psk: pskOf(input.receiver.psk),
    });
    const context = fromHex(expected.exporterContext);
    expect(toHex(suite.sha256(enc))).toBe(expected.encSha256);
    expect(toHex(exporter.export(context, 44))).toBe(expected.senderValue);
    expect(toHex(receiver?.export(context, 44) ?? new Uint8Array())).toBe(expected.receiverValue);
  });

  interface Key {
    readonly publicKey: string;
    readonly ciphertext: string;
    readonly shared: string;
  }
  test.each(vectors<{ seed: string; coins: string }, Key>("xwing-encapsulate"))("X-Wing: $comment", ({ input, expect: expected }) => {
    const publicKey = suite.xwingPublic(fromHex(input.seed));
    const { shared, ciphertext } = suite.xwingEncapsulate(publicKey, fromHex(input.coins));
    expect({ publicKey: toHex(publicKey), ciphertext: toHex(ciphertext), shared: toHex(shared) }).toEqual(expected);
    expect(toHex(suite.xwingDecapsulate(fromHex(input.seed), ciphertext) ?? new Uint8Array())).toBe(expected.shared);
  });

  test.each(vectors<{ seed: string; ciphertext: string }, string | null>("xwing-decapsulate"))(
    "X-Wing decapsulation: $comment",
    ({ input, expect: expected }) => {
      const shared = suite.xwingDecapsulate(fromHex(input.seed), fromHex(input.ciphertext));
      expect(shared === undefined ? null : toHex(shared)).toBe(expected);
    },
  );

  test("our own wrong lengths are faults", () => {
    const [key, enc] = [suite.xwingPublic(new Uint8Array(32)), new Uint8Array(1120)];
    expect(() => suite.xwingPublic(new Uint8Array(31))).toThrow(RangeError);
    expect(() => suite.xwingEncapsulate(key, new Uint8Array(32))).toThrow(RangeError);
    expect(() => suite.xwingDecapsulate(new Uint8Array(33), enc)).toThrow(RangeError);
    const exporter = hpkeKeySchedule(suite, { kemId: xwingKemId, sharedSecret: key.subarray(0, 32), info: key });
    for (const length of [-1, 1.5, 8161, Number.NaN]) expect(() => exporter.export(key, length)).toThrow(RangeError);
    expect(exporter.export(key, 0)).toEqual(new Uint8Array());
    expect(exporter.export(key, 8160)).toHaveLength(8160);
  });
});

test("a ciphertext of the wrong length or of low order sets up nothing", () => {
  const seed = new Uint8Array(32);
  for (const enc of [new Uint8Array(), new Uint8Array(1119), new Uint8Array(1120), new Uint8Array(1121)])
    expect(setupReceiver(nativeSuite, { seed, enc, info: seed })).toBeUndefined();
});

test("one implementation opens what the other sealed", () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  fc.assert(
    fc.property(bytes(32), bytes(64), fc.uint8Array({ maxLength: 60 }), fc.boolean(), bytes(32), (seed, coins, info, paired, psk) => {
      const shared = paired ? { psk: { psk, pskId: utf8("a pair") } } : {};
      const publicKey = nativeSuite.xwingPublic(seed);
      expect(nobleSuite.xwingPublic(seed)).toEqual(publicKey);
      const sent = setupSender(nobleSuite, { publicKey, coins, info, ...shared });
      const received = setupReceiver(nativeSuite, { seed, enc: sent.enc, info, ...shared });
      expect(received?.export(coins, 44)).toEqual(sent.exporter.export(coins, 44));
    }),
    { numRuns: 20 },
  );
});

test.each([true, false])("the package hpke exports the same, in both directions (PSK: %s)", async (paired) => {
  const other = new CipherSuite(KEM_MLKEM768_X25519, KDF_HKDF_SHA256, AEAD_EXPORT_ONLY);
  const [info, context, seed] = [utf8("line 3f0c, a to b"), utf8("envelope"), new Uint8Array(32).fill(5)];
  const psk = { psk: new Uint8Array(32).fill(6), pskId: utf8("pair") };
  const options = paired ? { info, psk: psk.psk, pskId: psk.pskId } : { info };
  const ours = paired ? { info, psk } : { info };
  const publicKey = nativeSuite.xwingPublic(seed);

  const theirSecret = await other.DeserializePrivateKey(seed);
  const sent = setupSender(nativeSuite, { publicKey, coins: new Uint8Array(64).fill(7), ...ours });
  const theirReceiver = await other.SetupRecipient(theirSecret, sent.enc, options);
  expect(await theirReceiver.Export(context, 44)).toEqual(sent.exporter.export(context, 44));

  const theirs = await other.SetupSender(await other.DeserializePublicKey(publicKey), options);
  const received = setupReceiver(nativeSuite, { seed, enc: theirs.encapsulatedSecret, ...ours });
  expect(received?.export(context, 44)).toEqual(await theirs.ctx.Export(context, 44));
});
