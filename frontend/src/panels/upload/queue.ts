import { ApiError } from "../../api/client";
import type { KnownFilm, Upload } from "../../api/types";
import { GateWatch } from "./gateWatch";
import { isOpen, summarise, type Pause, type UploadItem, type UploadState } from "./items";
import type { FilmSource } from "./sources";
import { asApiError, isRefusal, pauseOf, type UploadServer } from "./uploadServer";

const AT_ONCE = 3;
/** Films are compared with what the server has before they are sent, so many at a time and so far ahead. */
const FIRST_CHUNK = 8;
const LARGEST_CHUNK = 64;
const ATTEMPTS = 6;
const NOTIFY_MS = 100;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;

interface Entry {
  item: UploadItem;
  readonly source: FilmSource;
  readonly cohort: string | null;
  attempts: number;
}

/**
 * Sends films a few at a time, remembers how each ended, and never lets one stop the others. What the network, an ended
 * session or a stumbling server interrupts goes on by itself; what the server has already is not sent again.
 */
export class UploadQueue {
  private readonly entries = new Map<number, Entry>();
  private readonly listeners = new Set<() => void>();
  private readonly aborts = new Map<number, AbortController>();
  /** Not yet compared with what the server has; and those that were, next to be sent first. */
  private uncompared: number[] = [];
  private ready: number[] = [];
  private state: UploadState = { items: [], summary: summarise([]), pause: null };
  private stale = false;
  private notifying = false;
  private comparing = false;
  private packedInHand = false;
  private chunk = FIRST_CHUNK;
  private waitMs = FIRST_WAIT_MS;
  private pause: Pause | null = null;
  private nextId = 1;
  private readonly watch: GateWatch;
  /** The cohort of what is added from now on. */
  cohort: string | null = null;

  constructor(
    private readonly server: UploadServer,
    private readonly onTakenIn: () => void = () => {},
    private readonly atOnce = AT_ONCE,
  ) {
    this.watch = new GateWatch(
      server.outcomes,
      (id, answer) => this.answered(id, answer),
      (error) => pauseOf(error) === "signed_out" && this.pauseFor("signed_out"),
    );
  }

  readonly snapshot = (): UploadState => {
    if (this.stale) {
      const items = Array.from(this.entries.values(), (entry) => entry.item);
      this.state = { items, summary: summarise(items), pause: this.pause };
      this.stale = false;
    }
    return this.state;
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  add(sources: readonly FilmSource[]): void {
    for (const source of sources) {
      const id = this.nextId++;
      const { name, folder, bytes } = source;
      const item: UploadItem = {
        id, name, folder, bytes, status: "queued", share: 0, arrival: null, study: null, reason: null, error: null, skipped: false,
      };
      this.entries.set(id, { item, source, cohort: this.cohort, attempts: 0 });
      // An entry of a zip is compared when its turn comes: unpacking it twice costs more than asking once more.
      (this.server.known && !source.packed ? this.uncompared : this.ready).push(id);
    }
    this.changed();
    this.pump();
  }

  /** Sends again what the network or the server lost; a refusal of a film stays a refusal. */
  retryFailed(): void {
    for (const entry of this.entries.values()) {
      if (entry.item.status !== "failed" && entry.item.status !== "stopped") continue;
      entry.attempts = 0;
      this.set(entry, { status: "queued", share: 0, error: null });
      this.ready.push(entry.item.id);
    }
    this.pump();
  }

  stop(): void {
    this.uncompared = [];
    this.ready = [];
    for (const entry of this.entries.values()) {
      if (entry.item.status === "queued") this.set(entry, { status: "stopped" });
    }
    for (const abort of this.aborts.values()) abort.abort();
    this.resume();
  }

  /** Forgets everything that has left the browser. */
  clear(): void {
    for (const [id, entry] of this.entries) {
      if (isOpen(entry.item)) continue;
      this.entries.delete(id);
      this.watch.forget(id);
    }
    this.changed();
  }

  /** The network is said to be back, or the person wants to try. */
  retryNow(): void {
    if (this.pause && this.pause !== "signed_out") void this.probe();
  }

  signedIn(): void {
    if (this.pause === "signed_out") this.resume();
    this.watch.askNow();
  }

  private resume(): void {
    this.pause = null;
    this.changed();
    this.pump();
  }

  private pauseFor(pause: Pause): void {
    if (this.pause) return;
    this.pause = pause;
    this.changed();
    if (pause === "signed_out") this.server.signedOut();
    else this.probeLater();
  }

  private probeLater(): void {
    setTimeout(() => void this.probe(), this.waitMs);
    this.waitMs = Math.min(LONGEST_WAIT_MS, this.waitMs * 2);
  }

  private async probe(): Promise<void> {
    if (!this.pause || this.pause === "signed_out") return;
    const there = await this.server.reachable().catch(() => false);
    if (!this.pause) return;
    if (there) this.resume();
    else this.probeLater();
  }

  private pump(): void {
    if (this.pause) return;
    void this.compareAhead();
    while (this.aborts.size < this.atOnce) {
      const entry = this.take();
      if (!entry) return;
      void this.sendOne(entry);
    }
  }

  private take(): Entry | null {
    for (let at = 0; at < this.ready.length; at++) {
      const entry = this.entries.get(this.ready[at] as number);
      const waits = entry?.item.status === "queued";
      if (waits && entry.source.packed && this.packedInHand) continue;
      this.ready.splice(at, 1);
      if (waits) return entry;
      at -= 1;
    }
    return null;
  }

  private async compareAhead(): Promise<void> {
    const { known } = this.server;
    if (this.comparing || !known) return;
    this.comparing = true;
    while (!this.pause && this.uncompared.length > 0 && this.ready.length < LARGEST_CHUNK) {
      const ids = this.uncompared.splice(0, this.chunk);
      this.chunk = Math.min(LARGEST_CHUNK, this.chunk * 2);
      try {
        await this.compare(ids);
      } catch (failure) {
        const error = asApiError(failure);
        const pause = pauseOf(error);
        // A server that cannot compare still tells duplicates when it has them.
        (pause ? this.uncompared : this.ready).unshift(...ids);
        if (pause) this.pauseFor(pause);
      }
      this.pump();
    }
    this.comparing = false;
  }

  private async compare(ids: readonly number[]): Promise<void> {
    const digests = new Map<number, string>();
    for (const id of ids) {
      const entry = this.entries.get(id);
      if (entry?.item.status !== "queued") continue;
      try {
        digests.set(id, await this.server.digest(await entry.source.open()));
      } catch {
        this.set(entry, { status: "failed", error: new ApiError("unreadable_file", "The file cannot be read.", 0) });
      }
    }
    if (digests.size === 0) return;
    const known = await this.knownBySum([...digests.values()]);
    for (const [id, digest] of digests) {
      const entry = this.entries.get(id);
      if (!entry) continue;
      const found = known.get(digest);
      if (found && entry.item.status === "queued") this.skip(entry, found);
      else this.ready.push(id);
    }
  }

  private async knownBySum(digests: readonly string[]): Promise<Map<string, KnownFilm>> {
    const known = (await this.server.known?.(digests)) ?? [];
    return new Map(known.map((film) => [film.sha256, film]));
  }

  private skip(entry: Entry, found: KnownFilm): void {
    this.set(entry, {
      status: found.outcome === "blocked" ? "blocked" : "duplicate",
      study: found.study,
      share: 1,
      skipped: true,
    });
  }

  private async sendOne(entry: Entry): Promise<void> {
    const { source } = entry;
    const abort = new AbortController();
    this.aborts.set(entry.item.id, abort);
    if (source.packed) this.packedInHand = true;
    entry.attempts += 1;
    this.set(entry, { status: "sending", share: 0, error: null });
    try {
      const film = await source.open();
      const found = source.packed ? await this.foundAlready(film) : undefined;
      if (abort.signal.aborted) throw new ApiError("aborted", "The upload was stopped.", 0);
      if (found) this.skip(entry, found);
      else {
        const onProgress = (share: number) => this.set(entry, { share });
        this.settle(entry, await this.server.send(film, { cohort: entry.cohort, onProgress, signal: abort.signal }));
      }
      this.waitMs = FIRST_WAIT_MS;
    } catch (failure) {
      this.lost(entry, asApiError(failure));
    }
    this.aborts.delete(entry.item.id);
    if (source.packed) this.packedInHand = false;
    this.pump();
  }

  private async foundAlready(film: Blob): Promise<KnownFilm | undefined> {
    if (!this.server.known) return undefined;
    const digest = await this.server.digest(film);
    try {
      return (await this.knownBySum([digest])).get(digest);
    } catch (failure) {
      if (pauseOf(asApiError(failure))) throw failure;
      return undefined;
    }
  }

  private settle(entry: Entry, answer: Upload): void {
    const { outcome, study, reason } = answer;
    this.set(entry, { status: outcome, share: 1, arrival: answer.id, study, reason });
    if (outcome === "waiting" && answer.id) this.watch.follow(entry.item.id, answer.id);
    if (outcome === "received" || outcome === "blocked") this.onTakenIn();
  }

  /** The gate has said what became of a film that waited; null: the server has never heard of it. */
  private answered(id: number, answer: Upload | null): void {
    const entry = this.entries.get(id);
    if (!entry) return;
    if (answer) this.settle(entry, answer);
    else this.set(entry, { status: "failed", error: new ApiError("arrival_lost", "The server does not know this film.", 0) });
  }

  /** It did not arrive: stopped, refused for good, interrupted (then it is queued again), or failed too often. */
  private lost(entry: Entry, error: ApiError): void {
    const { id } = entry.item;
    const pause = pauseOf(error);
    if (error.code === "aborted") this.set(entry, { status: "stopped" });
    else if (isRefusal(error)) this.set(entry, { status: "rejected", error });
    else if (pause === "signed_out" || (pause && entry.attempts < ATTEMPTS)) {
      this.set(entry, { status: "queued", share: 0 });
      this.ready.unshift(id);
      this.pauseFor(pause);
    } else if (error.status >= 500 && entry.attempts < ATTEMPTS) {
      this.set(entry, { status: "queued", share: 0 });
      setTimeout(() => {
        this.ready.push(id);
        this.pump();
      }, FIRST_WAIT_MS * 2 ** (entry.attempts - 1));
    } else this.set(entry, { status: "failed", error });
  }

  private set(entry: Entry, change: Partial<UploadItem>): void {
    entry.item = { ...entry.item, ...change };
    this.changed();
  }

  /** Listeners hear of many changes at once: a thousand films must not draw the list a thousand times. */
  private changed(): void {
    this.stale = true;
    if (this.notifying) return;
    this.notifying = true;
    setTimeout(() => {
      this.notifying = false;
      for (const listener of this.listeners) listener();
    }, NOTIFY_MS);
  }
}
