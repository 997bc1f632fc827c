/**
 * The three-click template: wrist's centre, tip of the middle finger, tip of the thumb lay the average hand over a film.
 *
 * The first two clicks give place, turn and size; the third says on which side the thumb lies and how far it is spread,
 * which the other regions follow as far as they do on real hands. So turned and mirrored hands need nothing.
 */
import { AVERAGE_HAND, THUMB_TIP } from "../generated/averageHand";
import type { Box } from "./boxes";
import { distance, type ImagePoint } from "./points";
import type { Proposal, Proposals } from "./regionState";
import { REGION_IDS, type RegionId } from "./regions";

export const TEMPLATE_CLICKS = ["wrist", "middle", "thumb"] as const;

/** Wrist and fingertip closer together than this, in image pixels, are a slip of the hand. */
export const SHORTEST_HAND_PX = 30;
/** A thumb's tip farther from its usual place than so many spreads is not followed any farther. */
const FOLLOWED_SPREADS = 3;
/** A thumb that lies nearly on the line to the middle finger does not say on which side it is. */
const SMALLEST_SIDE_SHARE = 0.06;

type Pair = readonly [number, number];

/** A similarity that may mirror: where the hand's frame (u to the thumb, v to the middle finger) lies on the film. */
interface Frame {
  readonly origin: Pair;
  readonly u: Pair;
  readonly v: Pair;
}

/** Why three points make no hand. */
export type TemplateProblem = "too_close" | "no_side";

/** The 17 proposals, or what is wrong with the points. */
export function templateProposals(wrist: ImagePoint, middle: ImagePoint, thumb: ImagePoint): Proposals | TemplateProblem {
  if (distance(wrist, middle) < SHORTEST_HAND_PX) return "too_close";
  const solutions = [true, false].map((mirror) => {
    const frame = frameOf(wrist, middle, mirror);
    return { frame, tip: inFrame(frame, thumb) };
  });
  const [first, second] = solutions as [Solution, Solution];
  if (Math.abs(first.tip[0]) < SMALLEST_SIDE_SHARE) return "no_side";
  const { frame, tip } = residual(first.tip) <= residual(second.tip) ? first : second;
  const moved = [0, 1].map((axis) => followed(tip, axis)) as unknown as Pair;
  const entries = REGION_IDS.map((id): [RegionId, Proposal] => [id, { box: boxOf(id, frame, moved), score: null, origin: "template" }]);
  return Object.fromEntries(entries) as Proposals;
}

interface Solution {
  readonly frame: Frame;
  readonly tip: Pair;
}

function frameOf(wrist: ImagePoint, middle: ImagePoint, mirror: boolean): Frame {
  const v: Pair = [middle.x - wrist.x, middle.y - wrist.y];
  const u: Pair = mirror ? [v[1], -v[0]] : [-v[1], v[0]];
  return { origin: [wrist.x, wrist.y], u, v };
}

function inFrame({ origin, u, v }: Frame, point: ImagePoint): Pair {
  const [x, y] = [point.x - origin[0], point.y - origin[1]];
  const square = v[0] ** 2 + v[1] ** 2;
  return [(x * u[0] + y * u[1]) / square, (x * v[0] + y * v[1]) / square];
}

const residual = (tip: Pair): number => Math.hypot(tip[0] - THUMB_TIP.mean[0], tip[1] - THUMB_TIP.mean[1]);

/** How far the thumb's tip lies from its usual place along one axis, as far as the hand follows it. */
function followed(tip: Pair, axis: number): number {
  const most = FOLLOWED_SPREADS * (THUMB_TIP.spread[axis] as number);
  return Math.max(-most, Math.min(most, (tip[axis] as number) - (THUMB_TIP.mean[axis] as number)));
}

function boxOf(id: RegionId, { origin, u, v }: Frame, moved: Pair): Box {
  const { at, along, size } = AVERAGE_HAND[id];
  const cu = at[0] + along[0] * moved[0] + along[1] * moved[1];
  const cv = at[1] + along[2] * moved[0] + along[3] * moved[1];
  const [x, y] = [origin[0] + u[0] * cu + v[0] * cv, origin[1] + u[1] * cu + v[1] * cv];
  // The box round the turned ellipse: a quarter turn changes width and height over, a small turn changes little.
  const halfWidth = Math.hypot(u[0] * size[0], v[0] * size[1]) / 2;
  const halfHeight = Math.hypot(u[1] * size[0], v[1] * size[1]) / 2;
  return { x0: x - halfWidth, y0: y - halfHeight, x1: x + halfWidth, y1: y + halfHeight };
}
