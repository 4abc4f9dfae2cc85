import type { AccordShown } from "./accord.ts";
import type { ActPlaced, SubmitAct } from "./acts.ts";
import type { Announce, Announced } from "./announced.ts";
import type { NodeKeyTaken } from "./node-keys.ts";
import type { AttachmentKept } from "./attachments.ts";
import type { Bearers } from "./bearers.ts";
import type { Debts, DebtsQuery } from "./debts.ts";
import type {
  Draft,
  DraftQuery,
  DraftSummary,
  Drafts,
  DraftsQuery,
  NewDraft,
  PlaceDraft,
  RecallDraft,
  ReturnDraft,
  SaveDraft,
  SeeDraft,
  SignDraft,
  WithdrawDraft,
} from "./drafts.ts";
import type { Telephones } from "./telephones.ts";
import type { Entries, EntriesQuery, EntryShown, Inbox, InboxQuery } from "./entries.ts";
import type { AskKey, KeyRequest, KeyRequests, KeyStanding } from "./key-requests.ts";
import type { History, HistoryQuery, HistoryStep } from "./history.ts";
import type { LineList, Signing } from "./lines.ts";
import { pagesOf } from "./pages.ts";
import type { Paging } from "./paging.ts";
import { ApiProblem, isProblem } from "./problem.ts";
import type { SignInLink } from "./sessions.ts";
import type { States, StatesQuery } from "./states.ts";
import type { KeepUnsent, Unsent, UnsentList, UnsentQuery } from "./unsent.ts";

/** Carries one request to a node: a text as JSON, bytes as they are. Rejects only when no answer came at all. A browser has `fetch`,
 *  the command a socket. */
export type Transport = (request: {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: string | Uint8Array;
}) => Promise<{ readonly status: number; readonly body: string }>;

/** A node's own people talk to it with this. Every method throws `ApiProblem` for what the node refuses or does not answer. */
export class NodeClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  lines(paging: Paging = {}): Promise<LineList> {
    return this.#ask("GET", `/api/v1/lines${queryOf(paging)}`);
  }

  /** Every line, from all pages. */
  async allLines(): Promise<LineList["lines"]> {
    return (await pagesOf((paging) => this.lines(paging))).flatMap(({ lines }) => lines);
  }

  signing(line: string): Promise<Signing> {
    return this.#ask("GET", `${pathOf(line)}/signing`);
  }

  /** Asks that a key made here be given a post; somebody of the directory decides. */
  askKey(line: string, asked: AskKey): Promise<KeyRequest> {
    return this.#ask("POST", `${pathOf(line)}/key-requests`, asked);
  }

  keyRequests(line: string): Promise<KeyRequests> {
    return this.#ask("GET", `${pathOf(line)}/key-requests`);
  }

  keyStanding(line: string, kid: string): Promise<KeyStanding> {
    return this.#ask("GET", `${pathOf(line)}/keys/${kid}`);
  }

  accord(line: string): Promise<AccordShown> {
    return this.#ask("GET", `${pathOf(line)}/accord`);
  }

  submit(line: string, act: SubmitAct): Promise<ActPlaced> {
    return this.#ask("POST", `${pathOf(line)}/acts`, act);
  }

  /** Keeps an attachment at the node, so that an act may name it. */
  attach(line: string, bytes: Uint8Array): Promise<AttachmentKept> {
    return this.#ask("POST", `${pathOf(line)}/attachments`, bytes);
  }

  states(line: string, query: StatesQuery = {}): Promise<States> {
    return this.#ask("GET", `${pathOf(line)}/states${queryOf(query)}`);
  }

  history(line: string, query: HistoryQuery = {}): Promise<History> {
    return this.#ask("GET", `${pathOf(line)}/history${queryOf(query)}`);
  }

  /** Every step of a range, from all pages. */
  async wholeHistory(line: string, query: Omit<HistoryQuery, keyof Paging> = {}): Promise<readonly HistoryStep[]> {
    return (await pagesOf((paging) => this.history(line, { ...query, ...paging }))).flatMap(({ steps }) => steps);
  }

  entries(line: string, query: EntriesQuery = {}): Promise<Entries> {
    return this.#ask("GET", `${pathOf(line)}/entries${queryOf(query)}`);
  }

  entry(line: string, place: { readonly log: string; readonly index: number }): Promise<EntryShown> {
    return this.#ask("GET", `${pathOf(line)}/entries/${encodeURIComponent(place.log)}/${place.index}`);
  }

  inbox(line: string, query: InboxQuery = {}): Promise<Inbox> {
    return this.#ask("GET", `${pathOf(line)}/inbox${queryOf(query)}`);
  }

  /** The whole inbox as of its first page, from all pages. */
  async wholeInbox(line: string, query: Omit<InboxQuery, keyof Paging> = {}): Promise<Inbox> {
    const pages = await pagesOf((paging) => this.inbox(line, { ...query, ...paging }));
    const [first] = pages;
    return { at: first?.at ?? "", items: pages.flatMap(({ items }) => items), laterKinds: first?.laterKinds ?? 0, next: null };
  }

  drafts(line: string, query: DraftsQuery = {}): Promise<Drafts> {
    return this.#ask("GET", `${pathOf(line)}/drafts${queryOf(query)}`);
  }

  /** Every draft that is not over, or of one state, from all pages. */
  async allDrafts(line: string, query: Omit<DraftsQuery, keyof Paging> = {}): Promise<Drafts["drafts"]> {
    return (await pagesOf((paging) => this.drafts(line, { ...query, ...paging }))).flatMap(({ drafts }) => drafts);
  }

  draft(line: string, draft: number, query: DraftQuery = {}): Promise<Draft> {
    return this.#ask("GET", `${draftPath(line, draft)}${queryOf(query)}`);
  }

  newDraft(line: string, content: NewDraft): Promise<DraftSummary> {
    return this.#ask("POST", `${pathOf(line)}/drafts`, content);
  }

  saveDraft(line: string, draft: number, content: SaveDraft): Promise<DraftSummary> {
    return this.#ask("POST", `${draftPath(line, draft)}/versions`, content);
  }

  signDraft(line: string, draft: number, signature: SignDraft): Promise<DraftSummary> {
    return this.#ask("POST", `${draftPath(line, draft)}/signature`, signature);
  }

  releaseDraft(line: string, draft: number, release: SignDraft): Promise<DraftSummary> {
    return this.#ask("POST", `${draftPath(line, draft)}/release`, release);
  }

  placeDraft(line: string, draft: number, which: PlaceDraft): Promise<DraftSummary> {
    return this.#ask("POST", `${draftPath(line, draft)}/placing`, which);
  }

  recallDraft(line: string, draft: number, which: RecallDraft): Promise<DraftSummary> {
    return this.#ask("POST", `${draftPath(line, draft)}/recall`, which);
  }

  returnDraft(line: string, draft: number, remark: ReturnDraft): Promise<DraftSummary> {
    return this.#ask("POST", `${draftPath(line, draft)}/return`, remark);
  }

  withdrawDraft(line: string, draft: number, which: WithdrawDraft): Promise<DraftSummary> {
    return this.#ask("POST", `${draftPath(line, draft)}/withdrawal`, which);
  }

  seeDraft(line: string, draft: number, sight: SeeDraft): Promise<DraftSummary> {
    return this.#ask("POST", `${draftPath(line, draft)}/sight`, sight);
  }

  unsentList(line: string, query: UnsentQuery = {}): Promise<UnsentList> {
    return this.#ask("GET", `${pathOf(line)}/unsent${queryOf(query)}`);
  }

  /** What is unsent, of one post or of all, from all pages. */
  async allUnsent(line: string, query: Omit<UnsentQuery, keyof Paging> = {}): Promise<UnsentList["unsent"]> {
    return (await pagesOf((paging) => this.unsentList(line, { ...query, ...paging }))).flatMap(({ unsent }) => unsent);
  }

  unsent(line: string, at: UnsentPlace): Promise<Unsent> {
    return this.#ask("GET", unsentPath(line, at));
  }

  /** Keeps what was typed; 409 `unsent-behind` where another text has taken the place of the one it was made from. */
  keepUnsent(line: string, at: UnsentPlace, kept: KeepUnsent): Promise<Unsent> {
    return this.#ask("POST", unsentPath(line, at), kept);
  }

  /** What anybody owes anybody, from all pages. */
  async allDebts(line: string): Promise<Debts> {
    const pages = await pagesOf((paging) => this.debts(line, paging));
    return { at: pages[0]?.at ?? "", debts: pages.flatMap(({ debts }) => debts), unheld: pages[0]?.unheld ?? [], next: null };
  }

  debts(line: string, query: DebtsQuery = {}): Promise<Debts> {
    return this.#ask("GET", `${pathOf(line)}/debts${queryOf(query)}`);
  }

  bearers(line: string, paging: Paging = {}): Promise<Bearers> {
    return this.#ask("GET", `${pathOf(line)}/bearers${queryOf(paging)}`);
  }

  /** Every bearer, from all pages. */
  telephones(line: string): Promise<Telephones> {
    return this.#ask("GET", `${pathOf(line)}/telephones`);
  }

  async allBearers(line: string): Promise<Bearers> {
    const pages = await pagesOf((paging) => this.bearers(line, paging));
    const [first] = pages;
    return {
      at: first?.at ?? "",
      bearers: pages.flatMap(({ bearers }) => bearers),
      clocks: first?.clocks ?? [],
      lostPsks: first?.lostPsks ?? [],
      unopened: first?.unopened ?? [],
      findings: first?.findings ?? [],
      next: null,
    };
  }

  /** Tells the other parties where this node is; only a node's control socket takes it. */
  announce(line: string, said: Announce): Promise<Announced> {
    return this.#ask("POST", `${pathOf(line)}/announcements`, said);
  }

  /** Gives the node a key for its own acts; only its control socket takes it. */
  takeNodeKey(line: string, seed: string): Promise<NodeKeyTaken> {
    return this.#ask("POST", `${pathOf(line)}/node-keys`, { seed });
  }

  /** A link by which one person signs in once; only a node's control socket gives one. */
  signInLink(post: string): Promise<SignInLink> {
    return this.#ask("POST", "/api/v1/sign-in-links", { post });
  }

  /** The OpenAPI document of this API. */
  openapi(): Promise<Readonly<Record<string, unknown>>> {
    return this.#ask("GET", "/api/v1/openapi.json");
  }

  async #ask<T>(method: "GET" | "POST", path: string, body?: unknown): Promise<T> {
    const answer = await this.#transport({ method, path, ...(body === undefined ? {} : { body: sent(body) }) });
    const value: unknown = parse(answer.body);
    if (answer.status >= 200 && answer.status < 300) return parseAnswer(value);
    const problem = isProblem(value) ? value : { code: "unavailable", detail: `the node answered ${answer.status}` };
    throw new ApiProblem(answer.status, problem);
  }
}

const sent = (body: unknown): string | Uint8Array => (body instanceof Uint8Array ? body : JSON.stringify(body));

const pathOf = (line: string): string => `/api/v1/lines/${encodeURIComponent(line)}`;

type UnsentPlace = Pick<Unsent, "post" | "field">;

const unsentPath = (line: string, { post, field }: UnsentPlace): string =>
  `${pathOf(line)}/unsent/${encodeURIComponent(post)}/${encodeURIComponent(field)}`;

const draftPath = (line: string, draft: number): string => `${pathOf(line)}/drafts/${draft}`;

function queryOf(query: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const given = Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${encodeURIComponent(value)}`]));
  return given.length === 0 ? "" : `?${given.join("&")}`;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** The node checked its answer against the schema when it wrote it. */
const parseAnswer = <T>(value: unknown): T => value as T;
