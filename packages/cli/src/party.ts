import type { Command } from "commander";
import { digitsOf, type Digest, kidOf, keysOf, parseDigest, type PartyFile, decodePartyFile, toHex } from "@openline/core";
import { isInForce, nativeSuite, partyFilesInUse, readCeremony, readLineConfig, readLineInForce } from "@openline/node/operate";
import { printJson, printLines } from "./output.ts";
import { taken } from "./taken.ts";

/** `openline party show`. */
export function partyCommand(program: Command): void {
  const party = program.command("party").description("look at parties: who they are and with which keys");
  party
    .command("show")
    .description("the party files that are here, or in force: words, keys, and a digest to compare")
    .requiredOption("--dir <dir>", "the folder of the line")
    .option("--json", "as JSON")
    .action(async ({ dir, json }: { readonly dir: string; readonly json?: true }) => {
      const { party } = await taken(() => readLineConfig(dir));
      const shown = (await taken(() => filesOf(dir))).map((file) =>
        shownParty(decodePartyFile(file), parseDigest(toHex(nativeSuite.sha256(file)))),
      );
      if (json === true) printJson(shown);
      else printLines(shown.flatMap((item) => partyLines(item, item.id === party)));
    });
}

/** Those of the ceremony while it is under way, then those in force. */
async function filesOf(dir: string): Promise<readonly Uint8Array[]> {
  return (await isInForce(dir)) ? partyFilesInUse(await readLineInForce(dir)) : [...(await readCeremony(dir)).files.values()];
}

function shownParty(file: PartyFile, digest: Digest) {
  const kid = (key: Uint8Array): string => kidOf(nativeSuite, key);
  return {
    id: file.id,
    name: file.name,
    language: file.language,
    zone: file.zone,
    digest: digitsOf(digest),
    addresses: file.addresses,
    certificates: file.tls.map(toHex),
    posts: file.posts,
    root: { threshold: file.root.threshold, holders: file.root.holders.map((holder) => kid(holder.ed25519)) },
    directory: file.directory.map((entry) => ({ kid: kid(entry.key), person: toHex(entry.person) })),
    keys: keysOf(file).length,
  };
}

function partyLines(item: ReturnType<typeof shownParty>, own: boolean): readonly string[] {
  return [
    `${item.id}${own ? " (this party)" : ""}: ${Object.values(item.name).join(" / ")}; writes ${item.language}, sits in ${item.zone}`,
    `  digits of the file   ${item.digest}`,
    `  reached at           ${item.addresses.join(", ") || "no address: it dials, or bytes are carried by hand"}`,
    `  root holders         ${item.root.threshold} of ${item.root.holders.length}: ${item.root.holders.join(", ")}`,
    `  directory keys       ${item.directory.map((entry) => entry.kid).join(", ")}`,
    ...item.posts.map(
      (post) =>
        `  post ${post.id}${post.principal ? " (principal)" : ""}: ${Object.values(post.name).join(" / ")}; on ${post.channels.join(", ")}`,
    ),
    "",
  ];
}
