/**
 * One person's work on one box set: contents, history and queue behind a small observable. It knows no browser: what
 * sends, keeps, waits and names comes in from outside, so all of it can be tested.
 */
import { applyEdit, replay, withContents, type ChangeSet, type Edit } from "./changes";
import { followed } from "./following";
import { NO_HISTORY, extended, redoStep, remembered, undoStep, withoutRegion, type History } from "./history";
import { contentAfter, operationFor, type Operation, type PendingOperation } from "./operations";
import {
  acknowledged,
  added,
  baseFor,
  caughtUp,
  fixedBases,
  keptMine,
  nextBatch,
  queueWith,
  retryWaitMs,
  takenTheirs,
  type Acknowledgement,
  type Queue,
} from "./queue";
import { contentOf, contentsOf, revisionsOf, type Contents, type Proposals, type ServerRegion } from "./regionState";
import { isRegionId, type RegionId } from "./regions";

/** Why a sending failed, as far as the next step depends on it. */
export type SendFailure = "offline" | "signed_out" | "refused";

export class SendError extends Error {
  /** `cause`: what can be told to the person. */
  constructor(
    readonly failure: SendFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "SendError";
  }
}

export interface OperationStore {
  load(boxSet: string): Promise<readonly PendingOperation[]>;
  /** Keeps some operations, new or changed, and forgets others, by id; touches no other one. */
  change(boxSet: string, kept: readonly PendingOperation[], gone: readonly string[]): Promise<void>;
}

export interface Surroundings {
  send(boxSet: string, operations: readonly Operation[]): Promise<Acknowledgement>;
  readonly store: OperationStore;
  now(): number;
  newId(): string;
  /** Calls back after so many milliseconds; returns what cancels it. */
  after(milliseconds: number, action: () => void): () => void;
  random(): number;
}

export type Saving = "saved" | "saving" | "offline" | "signed_out" | "refused";

export interface WorkState {
  readonly contents: Contents;
  /** As they came, and as they follow what the person has settled. */
  readonly given: Proposals;
  readonly proposals: Proposals;
  readonly history: History;
  readonly queue: Queue;
  readonly saving: Saving;
  readonly savedAt: string | null;
  /** Whether this device keeps what waits; a private window may not. */
  readonly isKept: boolean;
  /** What the last sending failed of; null once something has arrived. */
  readonly refusal: unknown;
}

/** Operations are gathered for so long before they are sent. */
const GATHER_MS = 400;
/** Two nudges closer together than this are one gesture. */
const SAME_GESTURE_MS = 700;

export class WorkSession {
  private state: WorkState;
  private readonly listeners = new Set<() => void>();
  private sending = false;
  private failures = 0;
  private cancelWait: (() => void) | null = null;
  private lastNudge: { region: string; at: number } | null = null;
  private closed = false;
  /** What the store holds of ours, as far as we have told it. */
  private stored: readonly PendingOperation[];

  constructor(
    readonly boxSet: string,
    private readonly opened: readonly ServerRegion[],
    proposals: Proposals,
    kept: readonly PendingOperation[],
    private readonly around: Surroundings,
  ) {
    const contents = kept.reduce<Contents>(
      (now, operation) => ({ ...now, [operation.region]: contentAfter(operation) }),
      contentsOf(opened),
    );
    this.stored = kept;
    this.state = {
      contents,
      given: proposals,
      proposals: followed(proposals, contents),
      history: NO_HISTORY,
      queue: queueWith(revisionsOf(opened), kept),
      saving: kept.length > 0 ? "saving" : "saved",
      savedAt: null,
      isKept: true,
      refusal: null,
    };
    if (kept.length > 0) this.wake(0);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): WorkState => this.state;

  /** Does one gesture; says whether it changed anything. */
  edit(edit: Edit): boolean {
    const { changes } = applyEdit(this.state.contents, this.state.proposals, edit);
    if (changes.length === 0) return false;
    const history = this.isSameGesture(edit) ? extended(this.state.history, changes) : remembered(this.state.history, changes);
    this.make(changes, history);
    return true;
  }

  undo(): ChangeSet | null {
    return this.step(undoStep(this.state.history));
  }

  redo(): ChangeSet | null {
    return this.step(redoStep(this.state.history));
  }

  /** Proposals of another source (the template) instead of those that came with the film. No box is touched. */
  propose(given: Proposals): void {
    this.update({ given });
  }

  keepMine(region: RegionId): void {
    this.update({ queue: keptMine(this.state.queue, region, this.around.newId()) });
    this.keep();
    this.wake(0);
  }

  takeTheirs(region: RegionId): void {
    const conflict = this.state.queue.conflicts.find((entry) => entry.region === region);
    if (!conflict) return;
    const { contents } = withContents(this.state.contents, { [region]: contentOf(conflict.theirs) });
    this.update({
      contents,
      queue: takenTheirs(this.state.queue, region),
      history: withoutRegion(this.state.history, region),
    });
    this.keep();
    this.wake(0);
  }

  /** Takes over what another window has made since of regions on which nothing of ours waits; says which. */
  catchUp(regions: readonly ServerRegion[]): RegionId[] {
    const { queue } = this.state;
    const waits = new Set(queue.pending.map(({ region }) => region));
    const isNews = ({ region, revision }: ServerRegion) => isRegionId(region) && !waits.has(region) && revision > queue.revisions[region];
    const news = regions.filter(isNews);
    const ids = news.map(({ region }) => region as RegionId);
    const { contents } = withContents(this.state.contents, Object.fromEntries(news.map((region) => [region.region, contentOf(region)])));
    this.update({ contents, queue: caughtUp(queue, news), history: ids.reduce(withoutRegion, this.state.history) });
    return ids;
  }

  /** After signing in again, coming back online, or a click on "try again". */
  retryNow(): void {
    this.failures = 0;
    this.wake(0);
  }

  /** Sends what is left and resolves once nothing waits, or rejects with why it cannot be sent now. */
  async settled(): Promise<void> {
    this.failures = 0;
    if (this.state.queue.pending.length > 0) this.update({ saving: "saving" });
    this.wake(0);
    while (this.state.queue.pending.length > 0) {
      if (this.state.queue.conflicts.length > 0) throw new SendError("refused", "conflict");
      if (!this.sending && this.state.saving !== "saving") {
        const failure = this.state.saving === "saved" ? "offline" : this.state.saving;
        throw new SendError(failure, "not sent", { cause: this.state.refusal });
      }
      await new Promise<void>((resolve) => {
        const stop = this.subscribe(() => {
          stop();
          resolve();
        });
      });
    }
  }

  /** Sends what waits at once, without another try: what does not arrive stays in the store. */
  close(): void {
    this.closed = true;
    this.cancelWait?.();
    this.cancelWait = null;
    if (this.failures === 0 && this.state.queue.pending.length > 0) this.wake(0);
  }

  reopen(): void {
    if (!this.closed) return;
    this.closed = false;
    if (this.state.queue.pending.length > 0) this.wake(0);
  }

  private isSameGesture(edit: Edit): boolean {
    const nudging = edit.kind === "nudge" || edit.kind === "nudgeEdge";
    const now = this.around.now();
    const before = this.lastNudge;
    this.lastNudge = nudging ? { region: edit.region, at: now } : null;
    return nudging && before !== null && before.region === edit.region && now - before.at < SAME_GESTURE_MS;
  }

  private step(found: { history: History; changes: ChangeSet } | null): ChangeSet | null {
    if (!found) return null;
    this.lastNudge = null;
    this.make(found.changes, found.history);
    return found.changes;
  }

  private make(changes: ChangeSet, history: History): void {
    let queue = this.state.queue;
    const madeAt = new Date(this.around.now()).toISOString();
    for (const change of changes) {
      const stamp = { id: this.around.newId(), seq: queue.nextSeq, made_at: madeAt };
      queue = added(queue, operationFor(change.region, change.new, baseFor(queue, change.region), stamp));
    }
    const saving = this.state.saving === "saved" ? "saving" : this.state.saving;
    this.update({ contents: replay(this.state.contents, changes), history, queue, saving });
    this.keep();
    if (this.failures === 0) this.wake(GATHER_MS);
  }

  private update(change: Partial<Omit<WorkState, "proposals">>): void {
    const next = { ...this.state, ...change };
    const same = next.contents === this.state.contents && next.given === this.state.given;
    this.state = same ? next : { ...next, proposals: followed(next.given, next.contents) };
    [...this.listeners].forEach((listener) => listener());
  }

  private keep(): void {
    const { pending } = this.state.queue;
    const before = new Set(this.stored);
    const now = new Set(pending.map((operation) => operation.id));
    const kept = pending.filter((operation) => !before.has(operation));
    const gone = this.stored.filter((operation) => !now.has(operation.id)).map((operation) => operation.id);
    this.stored = pending;
    if (kept.length === 0 && gone.length === 0) return;
    // A browser that cannot keep anything still sends; the pill says that what has not arrived is nowhere else.
    const told = (isKept: boolean) => isKept !== this.state.isKept && this.update({ isKept });
    void this.around.store.change(this.boxSet, kept, gone).then(
      () => told(true),
      () => told(false),
    );
  }

  private wake(milliseconds: number): void {
    if (milliseconds > 0 && (this.closed || this.cancelWait)) return;
    this.cancelWait?.();
    this.cancelWait = this.around.after(milliseconds, () => {
      this.cancelWait = null;
      void this.flush();
    });
  }

  private async flush(): Promise<void> {
    if (this.sending) return;
    const batch = nextBatch(this.state.queue);
    if (batch.length === 0) {
      if (this.state.queue.pending.length === 0 && this.state.saving !== "saved") this.update({ saving: "saved" });
      return;
    }
    this.sending = true;
    this.update({ queue: fixedBases(this.state.queue, batch), saving: "saving" });
    this.keep();
    try {
      this.received(await this.around.send(this.boxSet, batch));
    } catch (error) {
      this.failed(error);
    } finally {
      this.sending = false;
    }
    if (this.failures === 0 && nextBatch(this.state.queue).length > 0) this.wake(0);
    else if (this.failures === 0) this.update({});
  }

  private received(answer: Acknowledgement): void {
    this.failures = 0;
    const queue = acknowledged(this.state.queue, answer);
    const saving = queue.pending.length === 0 ? "saved" : "saving";
    const contents = this.withoutOutdated(answer, queue);
    this.update({ contents, queue, saving, savedAt: answer.saved_at, refusal: null });
    this.keep();
  }

  /**
   * What was kept here may have arrived before a tab died, and the region gone on since, in another tab: then the region
   * is as the server had it at the opening, not as it was kept.
   */
  private withoutOutdated(answer: Acknowledgement, queue: Queue): Contents {
    const isOutdated = (region: ServerRegion) =>
      answer.acknowledged.some((entry) => entry.region === region.region && entry.revision < region.revision) &&
      !queue.pending.some((operation) => operation.region === region.region);
    const opened = this.opened.filter(isOutdated).map((region) => [region.region, contentOf(region)] as const);
    return opened.length === 0 ? this.state.contents : { ...this.state.contents, ...Object.fromEntries(opened) };
  }

  private failed(error: unknown): void {
    this.failures += 1;
    const failure = error instanceof SendError ? error.failure : "offline";
    const refusal = error instanceof SendError ? error.cause : error;
    // Signed out: the same answer would come again, so wait for the person. Everything else is tried again.
    if (failure !== "signed_out") this.wake(retryWaitMs(this.failures, this.around.random()));
    this.update({ saving: failure, refusal });
  }
}
