/**
 * Where the 17 regions lie on an average hand, for the small drawing beside the list.
 *
 * Medians over 327 hands with boxes (bone age 0.5 to 18 years) in the hand's own frame: origin at the centre of the
 * carpals, v towards the joint of the third metacarpal and proximal phalanx (distance 1), u towards the thumb. The
 * boxes known there go round whole joints; those of rays 2 to 5 are split along the finger into head and base.
 */
import type { RegionId } from "./regions";

export interface Place {
  readonly u: number;
  readonly v: number;
  readonly width: number;
  readonly height: number;
}

const JOINT_SPLIT = 0.13;

const place = (u: number, v: number, width: number, height: number): Place => ({ u, v, width, height });

/** The joint's two halves, along the line from the wrist. */
function halves(u: number, v: number, width: number): { head: Place; base: Place } {
  const length = Math.hypot(u, v);
  const [du, dv] = [(u / length) * JOINT_SPLIT, (v / length) * JOINT_SPLIT];
  return { head: place(u - du, v - dv, width, 0.26), base: place(u + du, v + dv, width, 0.22) };
}

const [second, third] = [halves(0.317, 0.996, 0.25), halves(0, 1, 0.24)];
const [fourth, fifth] = [halves(-0.265, 0.916, 0.23), halves(-0.509, 0.782, 0.23)];

export const HAND_LAYOUT: Readonly<Record<RegionId, Place>> = {
  radius: place(0.028, -0.4, 0.44, 0.34),
  ulna: place(-0.32, -0.42, 0.26, 0.29),
  carpals: place(0, 0.02, 0.82, 0.44),
  mc2: second.head,
  mc3: third.head,
  mc4: fourth.head,
  mc5: fifth.head,
  pp1: place(0.692, 0.539, 0.26, 0.28),
  pp2: second.base,
  pp3: third.base,
  pp4: fourth.base,
  pp5: fifth.base,
  dp1: place(0.939, 0.871, 0.23, 0.27),
  dp2: place(0.498, 1.842, 0.19, 0.24),
  dp3: place(0.025, 1.993, 0.2, 0.25),
  dp4: place(-0.408, 1.82, 0.19, 0.23),
  dp5: place(-0.819, 1.383, 0.19, 0.23),
};

/** Finger tips in the same frame, thumb first, and the joints that their drawn lines pass. */
export const FINGER_LINES: readonly (readonly (readonly [number, number])[])[] = [
  [[0.3, 0.12], [0.692, 0.539], [0.939, 0.871], [1.06, 1.08]],
  [[0.12, 0.15], [0.317, 0.996], [0.438, 1.542], [0.498, 1.842], [0.53, 2.05]],
  [[0, 0.15], [0, 1], [0.021, 1.625], [0.025, 1.993], [0.03, 2.22]],
  [[-0.12, 0.15], [-0.265, 0.916], [-0.361, 1.478], [-0.408, 1.82], [-0.43, 2.03]],
  [[-0.25, 0.12], [-0.509, 0.782], [-0.711, 1.162], [-0.819, 1.383], [-0.89, 1.57]],
];
