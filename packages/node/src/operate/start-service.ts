import type { Up, up as start } from "../service/up.ts";

export type { Up };

/** Starts one process that serves every folder given (`service/up.ts`). The server is loaded only here: a command that signs an
 *  act or shows a state must not wait for it. Throws `OpenlineError`. */
export const up: typeof start = async (dirs, options) => (await import("../service/up.ts")).up(dirs, options);
