/** Which region is worked on, and which one a drag would draw. */
import { isSettled, type Contents } from "./regionState";
import { REGION_IDS, type RegionId } from "./regions";

/** Regions in anatomical order from the one after `from` round to `from` itself. */
function ring(from: RegionId | null, step: 1 | -1): RegionId[] {
  const start = from === null ? (step === 1 ? -1 : REGION_IDS.length) : REGION_IDS.indexOf(from);
  const n = REGION_IDS.length;
  return Array.from({ length: n }, (_, i) => REGION_IDS[(start + step * (i + 1) + n * 2) % n] as RegionId);
}

/** The next region that is neither boxed nor absent, or null when all 17 are settled. */
export const nextOpen = (contents: Contents, from: RegionId | null, step: 1 | -1 = 1): RegionId | null =>
  ring(from, step).find((id) => !isSettled(contents[id])) ?? null;

/** As {@link nextOpen}, but walks through all regions once everything is settled. */
export const nextStop = (contents: Contents, from: RegionId | null, step: 1 | -1 = 1): RegionId =>
  nextOpen(contents, from, step) ?? (ring(from, step)[0] as RegionId);

export interface Focus {
  /** The region in hand: its box has the handles, keys act on it. */
  readonly region: RegionId | null;
  /** Called up by its own key or from the list: a drag draws it anew even if it has a box. */
  readonly calledUp: boolean;
}

/** The region that a press-and-drag on the film would draw; null: nothing is open, so a drag moves the film. */
export function armedRegion(contents: Contents, focus: Focus): RegionId | null {
  if (focus.region !== null && (focus.calledUp || !isSettled(contents[focus.region]))) return focus.region;
  return nextOpen(contents, focus.region);
}
