/** The page's own script as something that a thread can run: there is nothing to fetch, and the page's policy lets nothing else
 *  become an address of a script. Source: Trusted Types, W3C. */
export interface ScriptAddresses {
  readonly address: () => string;
}

interface Policies {
  readonly createPolicy: (
    name: string,
    rules: { readonly createScriptURL: (url: string) => string },
  ) => {
    readonly createScriptURL: (url: string) => string;
  };
}

export function ownScript(script: string): ScriptAddresses {
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const { trustedTypes } = globalThis as { readonly trustedTypes?: Policies };
  const policy = trustedTypes?.createPolicy("openline-verifier", {
    createScriptURL: (asked) => {
      if (asked !== url) throw new TypeError("not this page's own script");
      return asked;
    },
  });
  return { address: () => policy?.createScriptURL(url) ?? url };
}
