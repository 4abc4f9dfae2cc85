import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readBearerSettings } from "../../src/service/bearer-settings.ts";

const dir = mkdtempSync(join(tmpdir(), "openline-settings-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function read(text: string): Promise<unknown> {
  writeFileSync(join(dir, "bearers.yaml"), text);
  return readBearerSettings(dir);
}

test("without the file a node does not listen, and calls where party files say", async () => {
  expect(await readBearerSettings(join(dir, "nowhere"))).toEqual({ listen: [], dial: undefined, carried: [] });
});

test("everything that can be set", async () => {
  const text = `listen: "[::1]:4410"
dial: [node.example:4410]
carried:
  - {out: /media/stick/out, in: spool/in, done: spool/done, peer: chn}
  - {in: /srv/diode}
`;
  expect(await read(text)).toEqual({
    listen: [{ host: "::1", port: 4410 }],
    dial: ["node.example:4410"],
    carried: [
      { out: "/media/stick/out", in: join(dir, "spool/in"), done: join(dir, "spool/done"), peer: "chn" },
      { out: undefined, in: "/srv/diode", done: undefined, peer: undefined },
    ],
  });
});

test.each([
  ["[]", "a map expected"],
  ["[", "bearers.yaml"],
  ["dail: []", 'no key "dail"'],
  ["listen: nowhere", "listen: host:port"],
  ["listen: [127.0.0.1:1, nowhere]", "listen: host:port"],
  ["listen: [1]", "listen: host:port"],
  ["dial: 127.0.0.1:1", "dial: a list"],
  ["dial: [1]", "dial: a list"],
  ["carried: x", "carried: a list"],
  ["carried: [1]", "carried: a list of maps"],
  ["carried: [{}]", "carried: a folder"],
  ["carried: [{done: a}]", "carried: a folder"],
  ["carried: [{out: a, in: ./a}]", "carried: each folder has one use"],
  ["carried: [{in: a, done: a}]", "carried: each folder has one use"],
  ["carried: [{out: 1}]", "carried: out: text"],
  ['carried: [{out: ""}]', "carried: out: text"],
  ["carried: [{outt: a}]", 'no key "outt"'],
])("%s", async (text, wrong) => {
  await expect(read(text)).rejects.toMatchObject({ code: "usage", message: expect.stringContaining(wrong) });
});
