/**
 * The operations that the server has not yet acknowledged, as pure state. Each gesture stays here, in order, until it
 * is acknowledged or its conflict is resolved, so nothing is lost and nothing is applied twice (ids are ours).
 *
 * A batch holds at most one operation per region, the oldest: its base revision is then always one that the server has
 * told us, never a guess.
 */
import type { Operation, PendingOperation } from "./operations";
import type { ServerRegion } from "./regionState";
import type { RegionId } from "./regions";

export const LARGEST_BATCH = 34;

export interface Conflict {
  readonly region: RegionId;
  /** What the server has, made by somebody else. */
  readonly theirs: ServerRegion;
}

export interface Queue {
  readonly pending: readonly PendingOperation[];
  readonly revisions: Readonly<Record<RegionId, number>>;
  /** Regions that wait for the person's word; their operations are held back. */
  readonly conflicts: readonly Conflict[];
  readonly nextSeq: number;
}

export interface Acknowledgement {
  readonly acknowledged: readonly { readonly id: string; readonly region: string; readonly revision: number }[];
  readonly conflicts: readonly { readonly id: string; readonly region: string; readonly current: ServerRegion }[];
  readonly saved_at: string;
}

export function queueWith(revisions: Readonly<Record<RegionId, number>>, pending: readonly PendingOperation[]): Queue {
  const nextSeq = pending.reduce((highest, operation) => Math.max(highest, operation.seq), 0) + 1;
  return { pending, revisions, conflicts: [], nextSeq };
}

/** The revision that a new operation on the region builds on; null when it follows one that is still on its way. */
export const baseFor = (queue: Queue, region: RegionId): number | null =>
  queue.pending.some((operation) => operation.region === region) ? null : queue.revisions[region];

export const added = (queue: Queue, operation: PendingOperation): Queue => ({
  ...queue,
  pending: [...queue.pending, operation],
  nextSeq: Math.max(queue.nextSeq, operation.seq + 1),
});

/** What to send now: for each region without a conflict its oldest operation. */
export function nextBatch(queue: Queue): Operation[] {
  const taken = new Set<RegionId>(queue.conflicts.map((conflict) => conflict.region));
  const batch: Operation[] = [];
  for (const operation of queue.pending) {
    if (taken.has(operation.region) || batch.length >= LARGEST_BATCH) continue;
    taken.add(operation.region);
    batch.push({ ...operation, base_revision: operation.base_revision ?? queue.revisions[operation.region] });
  }
  return batch;
}

/**
 * A base revision that was sent is kept: a second try after a lost answer must be the same operation to the letter.
 */
export function fixedBases(queue: Queue, batch: readonly Operation[]): Queue {
  const bases = new Map(batch.map((operation) => [operation.id, operation.base_revision]));
  const pending = queue.pending.map((operation) => {
    const base = bases.get(operation.id);
    return base === undefined || base === operation.base_revision ? operation : { ...operation, base_revision: base };
  });
  return { ...queue, pending };
}

export function acknowledged(queue: Queue, answer: Acknowledgement): Queue {
  const done = new Set(answer.acknowledged.map((entry) => entry.id));
  const revisions = { ...queue.revisions } as Record<RegionId, number>;
  for (const { region, revision } of answer.acknowledged) {
    revisions[region as RegionId] = Math.max(revision, revisions[region as RegionId]);
  }
  const conflicts = answer.conflicts.map(
    (entry): Conflict => ({ region: entry.region as RegionId, theirs: entry.current }),
  );
  const fresh = new Set(conflicts.map((conflict) => conflict.region));
  return {
    ...queue,
    pending: onTopOf(answer, queue.pending.filter((operation) => !done.has(operation.id))),
    revisions,
    conflicts: [...queue.conflicts.filter((conflict) => !fresh.has(conflict.region)), ...conflicts],
  };
}

/**
 * What follows an acknowledged operation builds on the revision that this one made, whatever somebody else has made of
 * the region since: a later change of theirs is a conflict, and is never written over unseen.
 */
function onTopOf(answer: Acknowledgement, pending: readonly PendingOperation[]): PendingOperation[] {
  const made = new Map(answer.acknowledged.map((entry) => [entry.region, entry.revision]));
  return pending.map((operation) => {
    const base = made.get(operation.region);
    made.delete(operation.region);
    return base === undefined || operation.base_revision !== null ? operation : { ...operation, base_revision: base };
  });
}

/** Ours wins: the latest of our operations on the region is sent again, on top of theirs, under a new id. */
export function keptMine(queue: Queue, region: RegionId, newId: string): Queue {
  const conflict = queue.conflicts.find((entry) => entry.region === region);
  const last = queue.pending.filter((operation) => operation.region === region).at(-1);
  if (!conflict || !last) return queue;
  const revision = conflict.theirs.revision;
  return {
    ...queue,
    pending: [
      ...queue.pending.filter((operation) => operation.region !== region),
      { ...last, id: newId, seq: queue.nextSeq, base_revision: revision },
    ],
    revisions: { ...queue.revisions, [region]: revision },
    conflicts: queue.conflicts.filter((entry) => entry.region !== region),
    nextSeq: queue.nextSeq + 1,
  };
}

/** Theirs wins: our waiting operations on the region are dropped. */
export function takenTheirs(queue: Queue, region: RegionId): Queue {
  const conflict = queue.conflicts.find((entry) => entry.region === region);
  if (!conflict) return queue;
  return {
    ...queue,
    pending: queue.pending.filter((operation) => operation.region !== region),
    revisions: { ...queue.revisions, [region]: conflict.theirs.revision },
    conflicts: queue.conflicts.filter((entry) => entry.region !== region),
  };
}

/** What another window has made of regions on which nothing of ours waits. */
export const caughtUp = (queue: Queue, news: readonly ServerRegion[]): Queue => ({
  ...queue,
  revisions: { ...queue.revisions, ...Object.fromEntries(news.map(({ region, revision }) => [region, revision])) },
});

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/** Doubling waits between tries, spread so that many browsers do not come back at once; `spread` is 0 to 1. */
export const retryWaitMs = (failures: number, spread: number): number =>
  Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, failures - 1)) * (0.75 + 0.5 * spread);
