/** Which region is worked on, and which one a drag would draw. */
import { centre, height, width, type Box } from "./boxes";
import { isSettled, type Contents, type Proposals } from "./regionState";
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
  /** In hand only because it was drawn last: its handles are there, but a drag inside it draws the next. */
  readonly justDrawn?: boolean;
}

/** The region that a press-and-drag on the film would draw; null: nothing is open, so a drag moves the film. */
export function armedRegion(contents: Contents, focus: Focus): RegionId | null {
  if (focus.region !== null && (focus.calledUp || !isSettled(contents[focus.region]))) return focus.region;
  return nextOpen(contents, focus.region);
}

/** A drawn box farther than this from a suggestion, by {@link unlikeness}, was not drawn in its place. */
const SAME_PLACE = 1;

/** How far one box is from another: shift in mean box sides, and how many times (logarithm) it is larger or smaller. */
function unlikeness(a: Box, b: Box): number {
  const [p, q] = [centre(a), centre(b)];
  const shift = Math.hypot((2 * (p.x - q.x)) / (width(a) + width(b)), (2 * (p.y - q.y)) / (height(a) + height(b)));
  return Math.hypot(shift, Math.log(width(a) / width(b)), Math.log(height(a) / height(b)));
}

/**
 * Which region a drawn box is: the one that was called up; else the open one whose suggestion it is most like, so that a
 * wrong suggestion is put right by drawing over it; else the armed one, or the first that nothing is suggested for.
 */
export function drawnRegion(contents: Contents, proposals: Proposals, focus: Focus, box: Box): RegionId | null {
  const armed = armedRegion(contents, focus);
  if (focus.calledUp || armed === null) return armed;
  const open = REGION_IDS.filter((id) => !isSettled(contents[id]));
  const far = open.map((id) => ({ id, by: proposals[id] ? unlikeness(proposals[id].box, box) : Infinity }));
  const best = far.reduce((nearest, each) => (each.by < nearest.by ? each : nearest), { id: armed, by: Infinity });
  if (best.by <= SAME_PLACE) return best.id;
  return proposals[armed] ? (open.find((id) => !proposals[id]) ?? armed) : armed;
}
