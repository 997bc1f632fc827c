/** The label page without a browser: keys and a pointer, with the page's own map, gestures, film and desk behind them. */
import { HANDLES, handlePoint, type Box, type BoxId } from "../../src/core/boxes";
import { boxMove } from "../../src/core/boxMoves";
import { FilmStore } from "../../src/core/filmStore";
import { LABEL_KEYS, actionOf, regionOfKey, type Chord } from "../../src/core/keymap";
import type { DeskAction } from "../../src/core/deskState";
import { LabelDesk } from "../../src/core/labelDesk";
import { imagePoint, screenPoint, type ImagePoint, type ScreenPoint } from "../../src/core/points";
import { NO_ATTRIBUTES, type Contents, type Proposals, type ServerRegion } from "../../src/core/regionState";
import { REGION_IDS, isRegionId, type RegionId } from "../../src/core/regions";
import { toScreen } from "../../src/core/viewport";
import { WorkSession, type Surroundings } from "../../src/core/workSession";
import { begin } from "../../src/tools/begin";
import type { Effect, PointerFact, Scene, Target } from "../../src/tools/gesture";

/** The film's part of a window of 1440 x 900. */
const VIEW = { width: 1096, height: 806 };
/** As the canvas draws them. */
const EDGE_PX = 10;
const HANDLE_PX = 16;

/** A server that never answers: what counts here happens before anything is sent. */
const around: Surroundings = {
  send: () => new Promise(() => undefined),
  store: { load: () => Promise.resolve([]), change: () => Promise.resolve() },
  now: () => 0,
  newId: () => "",
  after: () => () => undefined,
  random: () => 0,
};

const MISSING: ServerRegion[] = REGION_IDS.map((region) => ({
  region,
  state: "missing",
  ...{ x0: null, y0: null, x1: null, y1: null },
  absent_reason: null,
  attributes: NO_ATTRIBUTES,
  origin: null,
  revision: 0,
}));

export class Screen {
  readonly desk: LabelDesk;
  private readonly film: FilmStore;
  finished = false;

  constructor(rows: number, columns: number, proposals: Proposals) {
    this.film = new FilmStore({ width: columns, height: rows }, { center: 1, width: 2, function: "linear" });
    this.film.setView(VIEW);
    this.desk = new LabelDesk(new WorkSession("bench", MISSING, proposals, [], around), true, () => 0);
  }

  get contents(): Contents {
    return this.desk.session.snapshot().contents;
  }

  get proposals(): Proposals {
    return this.desk.session.snapshot().proposals;
  }

  key(chord: Chord): void {
    const region = regionOfKey(chord);
    if (region) return this.desk.callUp(region);
    const move = boxMove(chord, this.film.snapshot().orientation);
    if (move) return void this.desk.move(move);
    const action = actionOf(LABEL_KEYS, chord);
    if (action === "finish" || action === "finishWithRest") {
      this.finished = this.desk.finish(action === "finishWithRest") === null;
      return undefined;
    }
    if (!action) throw new Error(`no key ${chord}`);
    return this.desk.perform(action as DeskAction);
  }

  click(at: ImagePoint): void {
    this.drag(at, at);
  }

  /** Press, move, release, at whole pixels of the screen. */
  drag(from: ImagePoint, to: ImagePoint): void {
    const gesture = begin(this.fact(from), this.scene());
    if (!gesture) throw new Error("the press began nothing");
    const moved = gesture.move(this.fact(to), this.scene());
    moved.effects.forEach((effect) => this.perform(effect));
    moved.gesture?.up(this.fact(to), this.scene()).effects.forEach((effect) => this.perform(effect));
  }

  /** What a press there would take hold of. */
  targetAt(at: ImagePoint): Target {
    const p = this.onScreen(at);
    const { focus, clicks } = this.desk.snapshot();
    const boxes = this.shown().sort(([, a], [, b]) => size(b) - size(a));
    const inHand = boxes.find(([region]) => region === focus.region);
    if (inHand && clicks === null) {
      const handle = HANDLES.find((each) => {
        const { x, y } = handlePoint(inHand[1], each);
        const q = this.onScreen(imagePoint(x, y));
        return Math.max(Math.abs(q.x - p.x), Math.abs(q.y - p.y)) <= HANDLE_PX / 2;
      });
      if (handle) return { kind: "handle", region: inHand[0], handle };
    }
    for (const [region, box] of boxes.reverse()) {
      const [a, b] = [this.onScreen(imagePoint(box.x0, box.y0)), this.onScreen(imagePoint(box.x1, box.y1))];
      const depth = Math.min(p.x - a.x, b.x - p.x, p.y - a.y, b.y - p.y);
      if (Math.abs(depth) <= EDGE_PX / 2) return { kind: "box", region, part: "edge" };
      if (depth > 0) return { kind: "box", region, part: "inside" };
    }
    return { kind: "film" };
  }

  private shown(): [RegionId, Box][] {
    return REGION_IDS.flatMap((id): [RegionId, Box][] => {
      const box = this.boxOf(id);
      return box ? [[id, box]] : [];
    });
  }

  isSuggested(region: BoxId): boolean {
    return isRegionId(region) && this.contents[region].state === "missing" && this.proposals[region] !== undefined;
  }

  private boxOf(region: BoxId): Box | null {
    if (!isRegionId(region)) return null;
    const content = this.contents[region];
    if (content.state === "boxed") return content.box;
    return content.state === "missing" ? (this.proposals[region]?.box ?? null) : null;
  }

  private onScreen(at: ImagePoint): ScreenPoint {
    const { image, orientation, viewport } = this.film.snapshot();
    const { x, y } = toScreen(at, image, orientation, viewport);
    return screenPoint(Math.round(x), Math.round(y));
  }

  private fact(at: ImagePoint): PointerFact {
    const screen = this.onScreen(at);
    return { screen, image: this.film.imagePoint(screen), target: this.targetAt(at), button: 0, ctrl: false, shift: false, touch: false };
  }

  private scene(): Scene {
    const { focus, drawMode, clicks } = this.desk.snapshot();
    return {
      readOnly: clicks !== null,
      armed: this.desk.armed(),
      focused: focus.region,
      justDrawn: focus.justDrawn ?? false,
      drawMode,
      windowKey: false,
      window: this.film.snapshot().window,
      boxOf: (region) => this.boxOf(region),
      isSuggested: (region) => this.isSuggested(region),
      drawnAs: (box) => this.desk.drawnAs(box),
    };
  }

  private perform(effect: Effect): void {
    if (effect.kind === "draw") this.desk.draw(effect.region as RegionId, effect.box);
    if (effect.kind === "pick") this.desk.pick(effect.region as RegionId | null, effect.at);
  }
}

const size = (box: Box): number => (box.x1 - box.x0) * (box.y1 - box.y0);
