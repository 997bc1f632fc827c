/**
 * A child's height as a clinician types it, with the days that say how far from the film it was measured. The days stay
 * in the browser: what leaves it is their difference, since the site knows no film's real day.
 */

/** As `boneage_web/results/models/height.py`, which has the last word. */
export const SHORTEST_CM = 75;
export const TALLEST_CM = 220;
export const MOST_DAYS_FROM_FILM = 92;

export interface HeightEntry {
  readonly cm: number | null;
  /** Whether it was measured on the day of the film; null while nothing is said. */
  readonly sameDay: boolean | null;
  /** `YYYY-MM-DD`, as date fields give it; empty while nothing is said. */
  readonly measuredOn: string;
  readonly filmOn: string;
}

export const NO_HEIGHT: HeightEntry = { cm: null, sameDay: null, measuredOn: "", filmOn: "" };

export type HeightProblem = "cm" | "future" | "filmFuture" | "filmLater" | "far";

export interface CheckedHeight {
  /** Measuring minus film, negative before it; null while it is not known. */
  readonly days: number | null;
  readonly problems: readonly HeightProblem[];
  readonly ready: boolean;
}

const DAY_MS = 86_400_000;

/** Whole days from one day to another; null where one of them is none. */
export function daysBetween(from: string, to: string): number | null {
  const [first, second] = [Date.parse(`${from}T00:00:00Z`), Date.parse(`${to}T00:00:00Z`)];
  return Number.isNaN(first) || Number.isNaN(second) ? null : Math.round((second - first) / DAY_MS);
}

/** The day of a moment where the browser stands, as `YYYY-MM-DD`. */
export function dayOf(moment: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

/** What is wrong with an entry as far as it goes, and whether it can be sent. `received`: day on which the film came. */
export function checkHeight(entry: HeightEntry, today: string, received: string): CheckedHeight {
  const problems: HeightProblem[] = [];
  if (entry.cm !== null && !(entry.cm >= SHORTEST_CM && entry.cm <= TALLEST_CM)) problems.push("cm");
  let days: number | null = entry.sameDay ? 0 : null;
  if (entry.sameDay === false) {
    if ((daysBetween(entry.measuredOn, today) ?? 0) < 0) problems.push("future");
    if ((daysBetween(entry.filmOn, today) ?? 0) < 0) problems.push("filmFuture");
    else if ((daysBetween(entry.filmOn, received) ?? 0) < 0) problems.push("filmLater");
    days = daysBetween(entry.filmOn, entry.measuredOn);
    if (days !== null && Math.abs(days) > MOST_DAYS_FROM_FILM) problems.push("far");
  }
  return { days, problems, ready: entry.cm !== null && days !== null && problems.length === 0 };
}
