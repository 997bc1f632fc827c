/** Where a region's box is to be expected, from the boxes that are there: for placing one without a pointer. */
import { AVERAGE_HAND } from "../generated/averageHand";
import { centre, type Box } from "./boxes";
import type { ImagePoint } from "./points";
import { REGION_IDS, type RegionId } from "./regions";

type Known = Readonly<Partial<Record<RegionId, Box>>>;

/** Unit of the average hand (wrist to the middle finger's tip) on a film that nothing is known of, by its height. */
const UNIT_OF_HEIGHT = 0.6;
const NEEDED = 2;

/**
 * The average hand laid over the known boxes by the similarity (mirrored or not) that leaves the least behind; with
 * fewer than two boxes, a box of average size round `otherwise`.
 */
export function expectedBox(region: RegionId, known: Known, otherwise: ImagePoint, imageHeight: number): Box {
  const others = REGION_IDS.filter((id) => id !== region && known[id]);
  const fit = others.length >= NEEDED ? closest(others, known) : null;
  const [width, height] = AVERAGE_HAND[region].size;
  if (!fit) return round(otherwise.x, otherwise.y, width * imageHeight * UNIT_OF_HEIGHT, height * imageHeight * UNIT_OF_HEIGHT);
  const at = fit.place(AVERAGE_HAND[region].at);
  const [u, v] = fit.axes;
  return round(at[0], at[1], Math.hypot(u[0] * width, v[0] * height), Math.hypot(u[1] * width, v[1] * height));
}

const round = (x: number, y: number, width: number, height: number): Box => ({
  x0: x - width / 2,
  y0: y - height / 2,
  x1: x + width / 2,
  y1: y + height / 2,
});

type Pair = readonly [number, number];

interface Fit {
  readonly residual: number;
  readonly axes: readonly [Pair, Pair];
  place(at: readonly [number, number] | readonly number[]): Pair;
}

function closest(ids: readonly RegionId[], known: Known): Fit | null {
  // On the screen v points up the picture, so an upright left hand is the turned-over solution.
  const fits = [1, -1].map((hand) => similarity(ids, known, hand)).filter((fit) => fit !== null);
  return fits.reduce<Fit | null>((best, fit) => (!best || fit.residual < best.residual ? fit : best), null);
}

/** Least squares of `to = turn * from + shift` in complex numbers, with `from` turned over for `hand` -1. */
function similarity(ids: readonly RegionId[], known: Known, hand: number): Fit | null {
  const from = ids.map((id): Pair => [AVERAGE_HAND[id].at[0], hand * AVERAGE_HAND[id].at[1]]);
  const to = ids.map((id): Pair => {
    const { x, y } = centre(known[id] as Box);
    return [x, y];
  });
  const [a, b] = [mean(from), mean(to)];
  let [re, im, power] = [0, 0, 0];
  from.forEach((p, i) => {
    const [px, py] = [p[0] - a[0], p[1] - a[1]];
    const [qx, qy] = [(to[i] as Pair)[0] - b[0], (to[i] as Pair)[1] - b[1]];
    re += px * qx + py * qy;
    im += px * qy - py * qx;
    power += px * px + py * py;
  });
  if (power < 1e-9 || re * re + im * im < 1e-12) return null;
  re /= power;
  im /= power;
  const turn = (x: number, y: number): Pair => [re * x - im * y, im * x + re * y];
  const place = (at: readonly number[]): Pair => {
    const [x, y] = turn((at[0] as number) - a[0], hand * (at[1] as number) - a[1]);
    return [x + b[0], y + b[1]];
  };
  const residual = ids.reduce((sum, id, i) => {
    const [x, y] = place(AVERAGE_HAND[id].at);
    return sum + (x - (to[i] as Pair)[0]) ** 2 + (y - (to[i] as Pair)[1]) ** 2;
  }, 0);
  return { residual, axes: [turn(1, 0), turn(0, hand)], place };
}

const mean = (points: readonly Pair[]): Pair => [
  points.reduce((sum, p) => sum + p[0], 0) / points.length,
  points.reduce((sum, p) => sum + p[1], 0) / points.length,
];
