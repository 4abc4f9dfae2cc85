import { type Accord, type Cbor, LANGUAGES, type PartyId, catalogueOf, fill } from "@openline/core";
import type { NodeActSaid } from "../node-act.ts";
import type { KnownNotice } from "./lost-psks.ts";

/** The act by which a lost pre-shared key comes into the record: whoever reads it sees what was said, and can check who signed it. */
export function pskLostAct(accord: Accord, { digest, bytes, said }: KnownNotice): NodeActSaid {
  const texts = LANGUAGES.map((language): readonly [string, string] => {
    const name = (id: PartyId): string => accord.parties.find((party) => party.id === id)?.file.name[language] ?? id;
    return [language, fill(catalogueOf(language).sentences.pskLost, { party: name(said.party), peer: name(said.peer) })];
  });
  const body = new Map<string, Cbor>([
    ["notice", bytes],
    ["text", new Map(texts)],
  ]);
  return { kind: "psk-lost", facts: { digest }, body };
}
