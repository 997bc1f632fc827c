/** What a film costs a person: actions (a key, a click, a drag; zoom and pan left out) and seconds of work. */
export interface Effort {
  readonly actions: number;
  readonly seconds: number;
  /** When something last happened, in milliseconds; null before the first sign of life. */
  readonly lastAt: number | null;
}

export const NO_EFFORT: Effort = { actions: 0, seconds: 0, lastAt: null };

/** A pause longer than this is not work on the film: only so much of it is counted. */
export const LONGEST_PAUSE_SECONDS = 30;

/** Time has passed and the person is there (moved, zoomed, looked). */
export function stirred(effort: Effort, at: number): Effort {
  const passed = effort.lastAt === null ? 0 : Math.max(0, (at - effort.lastAt) / 1000);
  return { ...effort, seconds: effort.seconds + Math.min(passed, LONGEST_PAUSE_SECONDS), lastAt: at };
}

export const acted = (effort: Effort, at: number): Effort => {
  const now = stirred(effort, at);
  return { ...now, actions: now.actions + 1 };
};
