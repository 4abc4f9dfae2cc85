import type { Api } from "./api.ts";

/** Takes JSON as ever, and of a request to delete also none: clients name a type for a body that they do not send. */
export function takeJson(api: Api): void {
  const parse = api.getDefaultJsonParser("error", "error");
  api.addContentTypeParser("application/json", { parseAs: "string" }, (request, body: string, done) =>
    request.method === "DELETE" && body === "" ? done(null) : parse(request, body, done),
  );
}
