/** The one script that the one trusted policy of this page lets in. Source: Trusted Types §4.1; docs/operating/console.md. */
const WORKER = "/shell-worker.js";

/** Has this browser keep the shell, so that the console can say that its node is gone. Where it cannot, a console that is not kept is
 *  simply not loaded. */
export async function keepShell(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const { serviceWorker } = navigator;
  await serviceWorker.register(trustedWorker());
  const { active } = await serviceWorker.ready;
  const files = performance.getEntriesByType("resource").map(({ name }) => name);
  // A worker has no other origin than its page's: there is none to name.
  // eslint-disable-next-line unicorn/require-post-message-target-origin
  active?.postMessage(files);
}

interface Policies {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): { createScriptURL(address: string): unknown };
}

function trustedWorker(): string {
  const policies: unknown = Reflect.get(globalThis, "trustedTypes");
  if (policies === undefined) return WORKER;
  const policy = parsePolicies(policies).createPolicy("openline-sw", {
    createScriptURL: (address) => {
      if (address !== WORKER) throw new TypeError("no other script");
      return address;
    },
  });
  return parseScriptAddress(policy.createScriptURL(WORKER));
}

/** The types of the DOM do not know trusted types yet. */
const parsePolicies = (value: unknown): Policies => value as Policies;
const parseScriptAddress = (value: unknown): string => value as string;
