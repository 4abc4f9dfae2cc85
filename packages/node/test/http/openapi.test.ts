import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { API_CODES } from "@openline/api";
import { FAULT_CODES, REFUSAL_CODES } from "@openline/core";
import { type Api, apiOf } from "../../src/http/api.ts";

/** The document as a node serves it. */
let api: Api;
let text: string;
let routes: string[];

beforeEach(async () => {
  api = apiOf({ lines: [] });
  routes = [];
  api.addHook("onRoute", ({ url }) => {
    if (url.startsWith("/")) routes.push(url);
  });
  text = (await api.inject({ method: "GET", url: "/api/v1/openapi.json" })).body;
});
afterEach(() => api.close());

/** Two rules do not fit: a question about health cannot be asked wrongly, and what opens the socket is its file's owner, not a token. */
const lint = async (source: string) => {
  const config = await createConfig({
    extends: ["recommended-strict"],
    rules: { "operation-4xx-response": "off", "security-defined": "off" },
  });
  const problems = await lintFromString({ source, absoluteRef: "openapi.json", config });
  return problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} at ${location[0]?.pointer ?? ""}`);
};

test("the document is OpenAPI 3.1 without anything a strict linter remarks on", async () => {
  expect((JSON.parse(text) as { openapi: string }).openapi).toBe("3.1.0");
  expect(await lint(text)).toEqual([]);
});

test("the linter finds what is wrong: a path without its parameter, a reference to nothing", async () => {
  const broken = text.replaceAll('"name":"line"', '"name":"lime"').replaceAll("#/components/schemas/Inbox", "#/components/schemas/Outbox");
  const found = await lint(broken);
  expect(found.some((line) => line.startsWith("path-parameters-defined"))).toBe(true);
  expect(found.some((line) => line.startsWith("no-unresolved-refs"))).toBe(true);
});

test("every route of the API is in the document, and every operation has its own name", async () => {
  const { paths } = JSON.parse(text) as { paths: Record<string, Record<string, { operationId: string }>> };
  const documented = routes.filter((path) => path !== "/api/v1/openapi.json").map((path) => path.replaceAll(/:([a-z]+)/g, "{$1}"));
  expect(documented.length).toBeGreaterThan(5);
  expect(Object.keys(paths).toSorted()).toEqual([...new Set(documented)].toSorted());
  const names = Object.values(paths).flatMap((item) => Object.values(item).map(({ operationId }) => operationId));
  expect(new Set(names).size).toBe(names.length);
});

test("every code that a problem may carry is in the document and explained in the guide", () => {
  const guide = readFileSync(fileURLToPath(new URL("../../../../docs/operating/api.md", import.meta.url)), "utf8");
  const refusals = readFileSync(fileURLToPath(new URL("../../../../docs/spec/refusals.md", import.meta.url)), "utf8");
  const { components } = JSON.parse(text) as { components: { schemas: { Problem: { properties: { code: { examples: string[] } } } } } };
  const served = components.schemas.Problem.properties.code.examples;
  for (const code of [...API_CODES, ...FAULT_CODES]) expect([code, guide.includes(`| \`${code}\``)]).toEqual([code, true]);
  for (const code of REFUSAL_CODES) expect([code, refusals.includes(`\`${code}\``)]).toEqual([code, true]);
  expect(served.toSorted()).toEqual([...new Set<string>([...API_CODES, ...FAULT_CODES, ...REFUSAL_CODES])].toSorted());
});
