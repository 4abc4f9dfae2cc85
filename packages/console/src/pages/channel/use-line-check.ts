import type { LineSummary } from "@openline/api";
import { type StateView, parseChannelNumber, parsePostId } from "@openline/core";
import { useState } from "react";
import { useActing } from "../../acting/acting.tsx";
import type { Outcome } from "../../acting/outcome.ts";
import { replyTo } from "../../acting/reply.ts";
import { useSettled } from "../../keys/settled.ts";
import { parseSaid } from "../../node/entry.ts";
import { useLive, useShown } from "../../node/use-live.tsx";

export type LastTest = NonNullable<StateView["watch"]["lastTest"]>;

/** What an officer may do about tests on one channel now. */
export interface Check {
  readonly last: LastTest | undefined;
  /** A test of another party waits for an answer here, and is answered before one tests in turn. */
  readonly theirs: boolean;
  /** Undefined where this console may not sign on the channel, or does not know what stands there. */
  readonly act: (() => void) | undefined;
}

export interface LineCheck {
  /** On the channel of this id. */
  readonly on: (id: string) => Check;
  readonly told: { readonly outcome: Outcome; readonly done: "test.placed" | "test.replied"; readonly on: string } | undefined;
}

/** Tests of channels, and answers to those of the other side. One test is placed for what was last known, however often a key is pressed. */
export function useLineCheck(): LineCheck {
  const { client } = useLive();
  const { line, states, link } = useShown();
  const { key, say, post } = useActing();
  const [told, setTold] = useState<LineCheck["told"]>();
  const lasts = new Map(states?.channels.map(({ id, watch }) => [id, watch.lastTest ?? undefined]));
  const settled = useSettled([...lasts].map(([id, last]) => `${id} ${last?.leaf} ${last?.answered}`).join());
  const may = "standing" in key && key.standing === "in-force" && link === "live";

  const test = (channel: LineSummary["channels"][number], last: LastTest | undefined): Promise<Outcome | undefined> =>
    say(
      { kind: "test", channel: parseChannelNumber(channel.number), precedence: "ROUTINE", from: parsePostId(post) },
      { once: `test ${channel.id} after ${last?.leaf} ${last?.answered}` },
    );
  const answer = async (of: LineSummary, last: LastTest): Promise<Outcome | undefined> => {
    const entry = await client.entry(of.line, last).catch(() => undefined);
    if (entry === undefined) return { code: "unavailable", detail: "" };
    return say(replyTo(of, parseSaid(entry), { kind: "test-answer", post }), { once: `test-answer ${last.leaf}` });
  };
  const on = (id: string): Check => {
    const last = lasts.get(id);
    const channel = line?.channels.find((item) => item.id === id);
    const theirs = line !== undefined && last !== undefined && !last.answered && partyOf(last) !== line.party;
    if (line === undefined || channel === undefined || !may || !speaksOn(line, post, id)) return { last, theirs, act: undefined };
    const act = async (): Promise<void> => {
      if (!settled()) return;
      const outcome = theirs ? await answer(line, last) : await test(channel, last);
      if (outcome !== undefined) setTold({ outcome, done: theirs ? "test.replied" : "test.placed", on: id });
    };
    return { last, theirs, act: () => void act() };
  };
  return { on, told };
}

/** Of the log that an entry stands in: `party`, or `party@incarnation`. */
const partyOf = ({ log }: LastTest): string => log.split("@")[0] ?? log;

const speaksOn = (line: LineSummary, post: string, channel: string): boolean =>
  line.parties
    .find(({ id }) => id === line.party)
    ?.posts.find(({ id }) => id === post)
    ?.channels.includes(channel) ?? false;
