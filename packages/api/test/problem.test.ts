import { Problem, isProblem } from "@openline/api";
import fc from "fast-check";
import { Value } from "typebox/value";
import { expect, test } from "vitest";

const member = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.constant(undefined));
const like = fc.record({ code: member, detail: member, more: fc.anything() }, { requiredKeys: [] });

test("what is written out of the schema of a problem is the schema", () => {
  fc.assert(fc.property(fc.oneof(like, fc.anything()), (value) => isProblem(value) === Value.Check(Problem, value)));
  expect([isProblem({ code: "not-found", detail: "" }), isProblem({ code: "not-found" }), isProblem([])]).toEqual([true, false, false]);
});
