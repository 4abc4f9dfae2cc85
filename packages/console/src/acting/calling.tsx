import type { LineSummary } from "@openline/api";
import { asksForTwo, parseChannelNumber, parsePostId, parseUnixSeconds } from "@openline/core";
import { type ReactNode, createContext, useContext, useRef, useState } from "react";
import { useScreen } from "../frame/address.tsx";
import { useSettled } from "../keys/settled.ts";
import { useKeys } from "../keys/use-keys.tsx";
import { type Said, parseSaid, placeOf } from "../node/entry.ts";
import { useLive, useShown } from "../node/use-live.tsx";
import { useActing } from "./acting.tsx";
import type { Outcome } from "./outcome.ts";
import { type OwnCall, useOwnCall } from "./own-call.ts";
import { replyTo } from "./reply.ts";

/** A call that is asked for now by another party. */
export interface TheirCall {
  readonly said: Said;
  readonly answer: (() => void) | undefined;
  readonly decline: (reason: string) => void;
}

export interface CallingNow {
  /** Calls the other side on a channel; undefined: this console may not there. */
  readonly call: (channel: string) => (() => void) | undefined;
  readonly own: OwnCall | undefined;
  /** Takes the request back while it waits, or puts its end away. */
  readonly endOwn: (waits: boolean) => void;
  readonly theirs: TheirCall | undefined;
  readonly told: { readonly outcome: Outcome; readonly done: "call.asked" | "call.answered" | "call.declined" | "call.hungUp" } | undefined;
  /** F8 was pressed where no channel is chosen. */
  readonly unchosen: boolean;
}

const CallingContext = createContext<CallingNow | undefined>(undefined);

export function useCalling(): CallingNow {
  const calling = useContext(CallingContext);
  if (calling === undefined) throw new Error("a screen stands inside Calling");
  return calling;
}

/** A call is asked for this long; then it has not been answered. Seconds. */
const CALL_SECONDS = 30;

/** Everything below may call, and be called: F8 answers what calls, else calls on the chosen channel. */
export function Calling({ children }: { readonly children: ReactNode }): ReactNode {
  const calling = useCalls();
  return <CallingContext value={calling}>{children}</CallingContext>;
}

function useCalls(): CallingNow {
  const { say: saySigned, post } = useActing();
  const { line } = useShown();
  const live = useLive();
  const may = useMay();
  const screen = useScreen();
  const [told, setTold] = useState<CallingNow["told"]>();
  const [unchosen, setUnchosen] = useState(false);
  const asking = useRef(false);
  const { own, keep, forget } = useOwnCall(line);
  const theirs = useTheirCall(setTold);
  const call = (id: string): (() => void) | undefined => {
    const channel = line?.channels.find((item) => item.id === id);
    if (line === undefined || channel === undefined || !may(id) || asksForTwo(channel, "call-request") || own !== undefined)
      return undefined;
    const ask = async (): Promise<void> => {
      const from = parseUnixSeconds(live.now());
      const until = parseUnixSeconds(from + CALL_SECONDS);
      const said = {
        kind: "call-request",
        channel: parseChannelNumber(channel.number),
        precedence: "IMMEDIATE",
        from: parsePostId(post),
        facts: { windows: [{ from, to: until }] },
      } as const;
      if (asking.current) return;
      asking.current = true;
      const outcome = await saySigned(said);
      asking.current = false;
      if (outcome === undefined) return;
      setTold({ outcome, done: "call.asked" });
      if ("placed" in outcome) keep({ place: outcome.placed, channel: id, from, until });
    };
    return () => void ask();
  };
  const endOwn = (waits: boolean): void => {
    setTold(undefined);
    if (waits && own !== undefined && line !== undefined) void hangUp(line, own);
    forget();
  };
  const hangUp = async (of: LineSummary, { place }: OwnCall): Promise<void> => {
    const entry = await live.client.entry(of.line, place).catch(() => undefined);
    if (entry === undefined) return setTold({ outcome: { code: "unavailable", detail: "" }, done: "call.hungUp" });
    const said = { ...replyTo(of, parseSaid(entry), { kind: "withdraw-request", post }), to: [] };
    const outcome = await saySigned(said, { once: `hang up ${placeOf(place)}` });
    if (outcome !== undefined) setTold({ outcome, done: "call.hungUp" });
  };
  const chosen = (): string | undefined =>
    screen.screen === "channel" ? screen.id : document.activeElement?.closest<HTMLElement>("[data-channel]")?.dataset["channel"];
  const press = (): void => {
    const id = chosen();
    setUnchosen(id === undefined);
    if (id !== undefined) call(id)?.();
  };
  const somewhere = line?.channels.some(({ id }) => call(id) !== undefined) === true;
  useKeys({ call: theirs?.answer ?? (somewhere ? press : undefined) }, "frame");
  return { call, own, endOwn, theirs, told, unchosen };
}

/** Whether this console may sign on a channel now. */
function useMay(): (channel: string) => boolean {
  const { line, link } = useShown();
  const { key, post } = useActing();
  const held = line?.parties.find(({ id }) => id === line.party)?.posts.find(({ id }) => id === post)?.channels ?? [];
  const signs = "standing" in key && key.standing === "in-force" && link === "live";
  return (channel) => signs && held.includes(channel);
}

/** The first call that rings here. Answered or declined by a person, with what the rule of its channel lets one person say. */
function useTheirCall(setTold: (told: CallingNow["told"]) => void): TheirCall | undefined {
  const { line, debts } = useShown();
  const { say: saySigned, post } = useActing();
  const may = useMay();
  const found = debts?.debts.find(({ rings, clock }) => rings === "arrived" && clock === "call-request");
  const said = found === undefined ? undefined : parseSaid(found.entry);
  const settled = useSettled(`call ${said?.leaf ?? ""}`);
  if (line === undefined || said === undefined) return undefined;
  const channel = line.channels.find(({ id }) => id === said.channel);
  const reply = async (outcome: "answered" | "declined", reason: string): Promise<void> => {
    const body = reason.trim() === "" ? undefined : new Map([["reason", new Map([[languageOf(line), reason]])]]);
    const first = await saySigned(replyTo(line, said, { kind: "ring-answer", post, facts: { outcome } }), { once: `ring ${said.leaf}` });
    if (first === undefined) return;
    const kind = outcome === "answered" ? "call-accept" : "call-decline";
    const alone = channel !== undefined && !asksForTwo(channel, kind);
    if ("code" in first || !alone) return setTold({ outcome: first, done: `call.${outcome}` });
    const second = await saySigned(replyTo(line, said, { kind, post }), {
      once: `${kind} ${said.leaf}`,
      ...(body === undefined ? {} : { body }),
    });
    if (second !== undefined) setTold({ outcome: second, done: `call.${outcome}` });
  };
  const answer = said.channel !== null && may(said.channel) ? () => (settled() ? void reply("answered", "") : undefined) : undefined;
  return { said, answer, decline: (reason) => void reply("declined", reason) };
}

const languageOf = (line: LineSummary): string => line.parties.find(({ id }) => id === line.party)?.language ?? "en";
