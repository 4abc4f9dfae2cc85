import swagger, { type FastifyDynamicSwaggerOptions } from "@fastify/swagger";
import { API_CODES } from "@openline/api";
import { FAULT_CODES, REFUSAL_CODES, assert } from "@openline/core";
import type { Api } from "./api.ts";

/** Every code that a problem may carry: the API's own, faults of the node, refusals of the protocol. docs/operating/api.md lists them. */
const CODES: readonly string[] = [...new Set<string>([...API_CODES, ...FAULT_CODES, ...REFUSAL_CODES])];

const OPTIONS: FastifyDynamicSwaggerOptions = {
  // A body of plain bytes has no schema by which it could be checked.
  transform: ({ schema, url }) => ({
    schema: schema.consumes !== undefined && schema.body === undefined ? { ...schema, body: {} } : schema,
    url,
  }),
  openapi: {
    openapi: "3.1.0",
    info: {
      title: "Openline",
      version: "1",
      description: "A node's API to its own people. Source: docs/operating/api.md.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/", description: "this node" }],
    tags: [
      { name: "line", description: "Lines, acts, entries and states." },
      { name: "draft", description: "What our own people write, sign and release." },
      { name: "node", description: "The node itself." },
    ],
  },
};

/** Serves the OpenAPI 3.1 document of all routes that are registered after this, made from the schemas by which they are checked. */
export async function serveOpenapi(api: Api): Promise<void> {
  await api.register(swagger, OPTIONS);
  let document: unknown;
  const schema = { operationId: "openapi", summary: "this document", tags: ["node"], hide: true };
  api.get("/api/v1/openapi.json", { schema }, () => (document ??= withComponents(api.swagger())));
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

/** Schemas with a title stand once, under `components`. */
function withComponents(document: unknown): unknown {
  assert(isFields(document), "an OpenAPI document is an object");
  const schemas = new Map<string, unknown>();
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (!isFields(value)) return value;
    const walked = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item)]));
    const { title } = walked;
    if (typeof title !== "string" || !("type" in walked || "anyOf" in walked)) return walked;
    const known = schemas.get(title);
    assert(known === undefined || JSON.stringify(known) === JSON.stringify(walked), `two schemas are called ${title}`);
    schemas.set(title, walked);
    return { $ref: `#/components/schemas/${title}` };
  };
  const paths = walk(document["paths"]);
  const all = Object.fromEntries([...schemas].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return { ...document, paths, components: { schemas: { ...all, Problem: withCodes(all["Problem"]) } } };
}

/** Which codes there are is the protocol's to say; the schema takes any, so that an older client reads a newer node. */
function withCodes(problem: unknown): unknown {
  assert(isFields(problem) && isFields(problem["properties"]), "every route may answer with a problem");
  const { properties } = problem;
  return { ...problem, properties: { ...properties, code: { type: "string", examples: CODES } } };
}
