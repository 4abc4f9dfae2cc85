import type { LostPsk } from "@openline/api";
import { KeyDesk } from "../http/key-desk.ts";
import { Drafts } from "../drafts/drafts.ts";
import { UnsentTexts } from "../drafts/unsent-texts.ts";
import { listenOnControl } from "../http/control.ts";
import { apiOf } from "../http/api.ts";
import type { ServedLine } from "../http/served.ts";
import { announcedRoutes, nodeKeyRoutes } from "../http/own-keys.ts";
import { type SignInPlace, signInLinkRoutes } from "../http/sign-in-links.ts";
import type { Unlocker } from "../operate/key-file.ts";
import type { Clock } from "../ports.ts";
import { readBearerSettings } from "./bearer-settings.ts";
import { readAlarmSettings } from "../watch/alarm-settings.ts";
import { HostAlarm } from "../watch/host-alarm.ts";
import { readTelephones } from "../watch/telephones.ts";
import { Changes } from "../watch/changes.ts";
import { type NodePlace, closePlace, openNodePlace } from "./node-place.ts";
import type { Sealing } from "../seal/sealing.ts";
import { lostPsksOf, openSealedNode } from "./sealed-node.ts";
import { TlsShown } from "./tls-shown.ts";
import { Ticker } from "./ticker.ts";
import { type Ways, openWays } from "./ways.ts";

/** Beats and receipts that may wait are said on the first tick after they are due. */
const TICK_MS = 250;
/** What is being placed when the node is to end has this long. */
const GRACE_MS = 2000;

/** One line that this process serves: its folder, its node, and how its own people reach it. */
export class RunningLine {
  readonly dir: string;
  readonly served: ServedLine;
  readonly #place: NodePlace;
  readonly #ticker: Ticker;
  readonly #ways: Ways;
  readonly #alarm: HostAlarm | undefined;
  readonly #closeControl: () => Promise<void>;

  private constructor(parts: {
    readonly place: NodePlace;
    readonly served: ServedLine;
    readonly ticker: Ticker;
    readonly ways: Ways;
    readonly alarm: HostAlarm | undefined;
    readonly closeControl: () => Promise<void>;
  }) {
    this.dir = parts.place.dir;
    this.served = parts.served;
    this.#place = parts.place;
    this.#ticker = parts.ticker;
    this.#ways = parts.ways;
    this.#alarm = parts.alarm;
    this.#closeControl = parts.closeControl;
  }

  /** Opens a folder and lets its node run. `failed` is told of a fault: the process is then to end; `told` gets lines for the operator.
   *  Throws `OpenlineError`. */
  static async open(
    dir: string,
    options: {
      readonly clock: Clock;
      readonly unlocker: Unlocker;
      readonly failed: (error: unknown) => void;
      readonly told: (line: string) => void;
      readonly signIn: SignInPlace;
    },
  ): Promise<RunningLine> {
    const place = await openNodePlace(dir, options.unlocker);
    const begun: (() => Promise<void>)[] = [() => closePlace(place)];
    try {
      const { accord, party, keys, store } = place;
      // Everything that people wrote is read before anything runs: what is wrong in it is found with nothing started.
      const [alarmSettings, telephones, settings] = [
        await readAlarmSettings(dir),
        await readTelephones(dir),
        await readBearerSettings(dir),
      ];
      const changes = new Changes();
      const { node, sealing } = await openSealedNode(place, { ...options, changed: changes.tell });
      const shown = TlsShown.of(node, keys);
      const ways = await openWays({ dir, node, sealing, shown, settings, ...options });
      begun.push(() => ways.close());
      const drafts = new Drafts(node, changes.tell);
      const unsent = new UnsentTexts(store, options.clock, changes.tell);
      const tick = async (): Promise<void> => {
        await node.tick();
        // A store whose files were taken away under it ends this process also while nothing is said.
        await store.bytesFree();
        // Not waited for: while the node may not place, only further ticks bring it on.
        if (node.places) void drafts.sendDue().catch(options.failed);
      };
      const ticker = new Ticker({ tick, everyMs: TICK_MS, failed: options.failed });
      begun.push(() => ticker.stop());
      const keyDesk = new KeyDesk();
      const sinceTickMs = (): number => ticker.sinceMs;
      const lostPsks = (): readonly LostPsk[] => lostPsksOf(sealing);
      const unopened = (): Sealing["closedTo"] => sealing.closedTo;
      const known = { telephones, keyDesk, changes, lostPsks, unopened };
      const served: ServedLine = { node, accord, party, store, bearers: ways.views, sinceTickMs, drafts, unsent, ...known };
      const closeControl = await listenOnControl(
        apiOf({ lines: [served] }, (api) => {
          signInLinkRoutes(api, { lines: [served] }, options.signIn);
          announcedRoutes(api, { lines: [served] }, shown);
          nodeKeyRoutes(api, { lines: [served] });
        }),
        dir,
      );
      // Last: a node that does not come up rings nobody.
      const alarm = alarmSettings === undefined ? undefined : new HostAlarm(served, alarmSettings, options.told);
      return new RunningLine({ place, served, ticker, ways, alarm, closeControl });
    } catch (error) {
      // Whatever has begun would keep the process alive; the first fault is the one that is told.
      for (const letGo of begun.toReversed()) await letGo().catch(() => undefined);
      throw error;
    }
  }

  /** Where peers may call; none: nowhere. */
  get ports(): readonly number[] {
    return this.#ways.ports;
  }

  /** What is just being placed comes to stand, unless the node may not place. */
  async #lastSent(): Promise<void> {
    const { node, drafts } = this.served;
    if (!node.places) return;
    const grace = Promise.withResolvers<void>();
    const timer = setTimeout(grace.resolve, GRACE_MS);
    await Promise.race([drafts.sendDue().catch(() => undefined), grace.promise]);
    clearTimeout(timer);
  }

  /** Ends in the order in which nothing is lost: no new requests, no new ticks, nothing more in or out, then the stores. */
  async stop(): Promise<void> {
    await this.#closeControl();
    await this.#ticker.stop();
    await this.#lastSent();
    await this.#ways.close();
    await this.#alarm?.stop();
    await closePlace(this.#place);
  }
}
