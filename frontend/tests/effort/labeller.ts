/**
 * A labeller who knows the true boxes works films in the three ways and counts. Films come in as JSON on standard input,
 * counts go out on standard output; `tests/benchmarks/effort.py` starts it.
 *
 * The rule, the same for every way: a suggestion may be accepted only if its centre lies within 1.5 % of the picture's
 * height of the true one and each of its sides within 25 % of the true length. Else, and where nobody knows the truth,
 * the labeller draws the box.
 */
import { readFileSync } from "node:fs";

import { centre, height, width, type Box } from "../../src/core/boxes";
import { REGION_KEYS } from "../../src/core/keymap";
import { imagePoint, type ImagePoint } from "../../src/core/points";
import { missingRegions, type Proposal, type Proposals } from "../../src/core/regionState";
import { REGION_IDS, type RegionId } from "../../src/core/regions";
import { Screen } from "./screen";

const CENTRE_SHARE = 0.015;
const SIDE_SHARE = 0.25;

type Corners = readonly [number, number, number, number];
type Boxes = Partial<Record<RegionId, Corners>>;

interface Film {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** Regions whose truth nobody knows are left out. */
  readonly truth: Boxes;
  readonly model: Boxes;
  readonly clicks: readonly (readonly [number, number])[];
}

interface Count {
  readonly actions: number;
  /** Suggestions that held, that did not, regions without one, regions whose truth nobody knows. */
  readonly accepted: number;
  readonly wrong: number;
  readonly without: number;
  readonly unknown: number;
}

const boxOf = ([x0, y0, x1, y1]: Corners): Box => ({ x0, y0, x1, y1 });

function holds(found: Box, truth: Box, rows: number): boolean {
  const [a, b] = [centre(found), centre(truth)];
  const near = Math.hypot(a.x - b.x, a.y - b.y) <= CENTRE_SHARE * rows;
  const like = (one: number, other: number) => Math.abs(one / other - 1) <= SIDE_SHARE;
  return near && like(width(found), width(truth)) && like(height(found), height(truth));
}

function guided(film: Film): Count {
  const screen = new Screen(film.rows, film.columns, {});
  return workedOff(film, screen);
}

function byTemplate(film: Film): Count {
  const screen = new Screen(film.rows, film.columns, {});
  screen.key("c");
  film.clicks.forEach(([x, y]) => screen.click(imagePoint(x, y)));
  return workedOff(film, screen);
}

function byModel(film: Film): Count {
  const entries = Object.entries(film.model).map(([id, box]) => [id, { box: boxOf(box), score: null, origin: "proposal" }]);
  return workedOff(film, new Screen(film.rows, film.columns, Object.fromEntries(entries) as Proposals));
}

/**
 * Draws what is missing or wrong until all that is left is right (open suggestions follow what was drawn), then anew the
 * suggestions of which nobody knows whether they are right, takes over the rest and hands the film in.
 */
function workedOff(film: Film, screen: Screen): Count {
  const count = { wrong: 0, without: 0 };
  const toDraw = () => missingRegions(screen.contents).find((id) => !isRight(film, screen, id));
  for (let id = toDraw(); id; id = toDraw()) {
    const truth = film.truth[id];
    if (truth) count[screen.proposals[id] ? "wrong" : "without"] += 1;
    drawn(screen, id, truth ? boxOf(truth) : somewhere(film, id));
  }
  const unknown = REGION_IDS.filter((id) => !film.truth[id]);
  unknown.forEach((id) => screen.isSuggested(id) && drawn(screen, id, (screen.proposals[id] as Proposal).box));
  const left = missingRegions(screen.contents);
  screen.key(left.length > 0 ? "shift+space" : "space");
  check(film, screen);
  return { actions: screen.desk.spent().actions, accepted: left.length, ...count, unknown: unknown.length };
}

function isRight(film: Film, screen: Screen, id: RegionId): boolean {
  const [suggested, truth] = [screen.proposals[id], film.truth[id]];
  return suggested !== undefined && (!truth || holds(suggested.box, boxOf(truth), film.rows));
}

/** Where nobody knows the truth and nothing is suggested: a box in a place of its own. */
function somewhere(film: Film, id: RegionId): Box {
  const side = film.rows / 30;
  const x = film.columns - 2 * side;
  const y = (REGION_IDS.indexOf(id) + 1) * side * 1.5;
  return { x0: x, y0: y, x1: x + side, y1: y + side };
}

/**
 * One drag from the corner where a press draws; where none does, draw mode first, for good. Where the box would be taken
 * for another region, that region's key first.
 */
function drawn(screen: Screen, id: RegionId, box: Box): void {
  if (screen.desk.drawnAs(box) !== id) screen.key(REGION_KEYS[id]);
  const corners = cornersOf(box);
  let at = corners.find(([from]) => draws(screen, from));
  if (!at) {
    screen.key("w");
    at = corners[0] as Diagonal;
  }
  screen.drag(...at);
  if (screen.contents[id].state !== "boxed") throw new Error(`${id} was not drawn`);
}

type Diagonal = readonly [ImagePoint, ImagePoint];

const cornersOf = ({ x0, y0, x1, y1 }: Box): Diagonal[] => [
  [imagePoint(x0, y0), imagePoint(x1, y1)],
  [imagePoint(x1, y0), imagePoint(x0, y1)],
  [imagePoint(x0, y1), imagePoint(x1, y0)],
  [imagePoint(x1, y1), imagePoint(x0, y0)],
];

function draws(screen: Screen, at: ImagePoint): boolean {
  const { drawMode, focus } = screen.desk.snapshot();
  if (drawMode) return true;
  const target = screen.targetAt(at);
  if (target.kind === "film") return true;
  if (target.kind === "handle" || (target.region === focus.region && !focus.justDrawn)) return false;
  return target.part === "inside" || screen.isSuggested(target.region);
}

/** What was handed in is complete and true, or the count is worth nothing. */
function check(film: Film, screen: Screen): void {
  if (!screen.finished) throw new Error(`${film.name}: not finished`);
  for (const id of REGION_IDS) {
    const [content, truth] = [screen.contents[id], film.truth[id]];
    if (content.state !== "boxed") throw new Error(`${film.name}: ${id} is ${content.state}`);
    if (truth && !holds(content.box, boxOf(truth), film.rows)) throw new Error(`${film.name}: ${id} is wrong`);
  }
}

const films = JSON.parse(readFileSync(0, "utf8")) as Film[];
const counted = films.map((film) => ({ name: film.name, guided: guided(film), template: byTemplate(film), model: byModel(film) }));
process.stdout.write(JSON.stringify(counted));
