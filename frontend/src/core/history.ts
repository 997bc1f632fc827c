/** Undo and redo of one's own gestures. Undoing never deletes history on the server: it is a further change. */
import { joined, turnedRound, type ChangeSet } from "./changes";
import type { RegionId } from "./regions";

export interface History {
  readonly done: readonly ChangeSet[];
  readonly undone: readonly ChangeSet[];
}

export const NO_HISTORY: History = { done: [], undone: [] };

export const remembered = (history: History, changes: ChangeSet): History =>
  changes.length === 0 ? history : { done: [...history.done, changes], undone: [] };

/** The last gesture made longer: a held arrow key is undone in one step. */
export function extended(history: History, changes: ChangeSet): History {
  const last = history.done.at(-1);
  if (!last) return remembered(history, changes);
  return { done: [...history.done.slice(0, -1), joined(last, changes)], undone: [] };
}

export function undoStep(history: History): { history: History; changes: ChangeSet } | null {
  const last = history.done.at(-1);
  if (!last) return null;
  return {
    history: { done: history.done.slice(0, -1), undone: [...history.undone, last] },
    changes: turnedRound(last),
  };
}

export function redoStep(history: History): { history: History; changes: ChangeSet } | null {
  const last = history.undone.at(-1);
  if (!last) return null;
  return { history: { done: [...history.done, last], undone: history.undone.slice(0, -1) }, changes: last };
}

/** After somebody else's box was taken, one's own steps on that region no longer fit it. */
export function withoutRegion(history: History, region: RegionId): History {
  const cleaned = (steps: readonly ChangeSet[]) =>
    steps.map((step) => step.filter((change) => change.region !== region)).filter((step) => step.length > 0);
  return { done: cleaned(history.done), undone: cleaned(history.undone) };
}
