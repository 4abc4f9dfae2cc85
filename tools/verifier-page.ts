/** Makes the verifier as one HTML file: `packages/verify/dist/verifier.html`. Script and style stand in it, and its own policy
 *  lets nothing else run and nothing be fetched. The same sources give the same bytes. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = join(root, "packages/verify/page");
const target = join(root, "packages/verify/dist/verifier.html");

const script = await bundled();
const style = readFileSync(join(page, "page.css"), "utf8");
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, assembled(readFileSync(join(page, "index.html"), "utf8")));

/** One classic script: a page opened from disk may not load modules. */
async function bundled(): Promise<string> {
  const made = await build({
    configFile: false,
    root: page,
    logLevel: "warn",
    resolve: { conditions: ["openline-source", "browser", "import", "module", "default"] },
    build: {
      write: false,
      target: "es2022",
      modulePreload: false,
      lib: { entry: join(page, "main.ts"), formats: ["iife"], name: "openlineVerifier" },
    },
  });
  const [bundle] = Array.isArray(made) ? made : [made];
  const [chunk] = bundle !== undefined && "output" in bundle ? bundle.output : [];
  if (chunk?.type !== "chunk") throw new Error("the page's script was not made");
  // What would end the element early in a script cannot stand in one.
  return chunk.code.replaceAll("</script", "<\\/script");
}

function assembled(html: string): string {
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "worker-src blob:",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types openline-verifier",
  ].join("; ");
  const head = `<meta http-equiv="Content-Security-Policy" content="${policy}" />`;
  return html
    .replace('<meta charset="utf-8" />', (charset) => `${charset}\n    ${head}`)
    .replace("</head>", (end) => `  <style>${style}</style>\n  ${end}`)
    .replace("</body>", (end) => `  <script>${script}</script>\n  ${end}`);
}

/** Source: Content Security Policy Level 3, §2.3.1, hash-source. */
function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
