/** How one film is looked at: orientation, viewport, window, inversion. An observable without a browser. */
import type { Box } from "./boxes";
import type { ImagePoint, ScreenPoint } from "./points";
import { screenPoint } from "./points";
import {
  AS_STORED,
  fitted,
  mirrored,
  panned,
  resizedView,
  toImage,
  turned,
  zoomedAbout,
  zoomedToBox,
  type Orientation,
  type Size,
  type Viewport,
} from "./viewport";
import {
  WINDOW_PRESETS,
  draggedWindow,
  habitOf,
  presetWindow,
  windowFrom,
  type GreyWindow,
  type WindowHabit,
  type WindowPreset,
} from "./window";

/** A preset by name, or the place of one of the header's further windows. */
export type FilmPreset = WindowPreset | number;

export interface FilmLook {
  readonly image: Size;
  readonly view: Size;
  readonly orientation: Orientation;
  /** How the film is shown at first: upright, as a left hand. */
  readonly home: Orientation;
  readonly viewport: Viewport;
  readonly fits: boolean;
  readonly baseWindow: GreyWindow;
  /** The header's further windows, after its default. */
  readonly headerWindows: readonly GreyWindow[];
  readonly window: GreyWindow;
  readonly preset: FilmPreset | null;
  readonly inverted: boolean;
  readonly boxesHidden: boolean;
  /** Enlarged, each pixel is a square of its own; otherwise neighbouring grey values are blended. */
  readonly sharp: boolean;
}

/** How the film starts where that differs from: as stored, its default window, not inverted. */
export interface FilmStart {
  readonly habit?: WindowHabit | null;
  readonly inverted?: boolean;
  readonly home?: Orientation;
  readonly headerWindows?: readonly GreyWindow[];
}

export class FilmStore {
  private look: FilmLook;
  private readonly listeners = new Set<() => void>();

  constructor(image: Size, baseWindow: GreyWindow, start: FilmStart = {}) {
    const { habit = null, inverted = false, home = AS_STORED, headerWindows = [] } = start;
    const view = { width: 1, height: 1 };
    this.look = {
      image,
      view,
      orientation: home,
      home,
      viewport: fitted(image, home, view),
      fits: true,
      baseWindow,
      headerWindows,
      window: habit ? windowFrom(habit, baseWindow) : baseWindow,
      preset: habit ? null : "default",
      inverted,
      boxesHidden: false,
      sharp: false,
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): FilmLook => this.look;

  setView(view: Size): void {
    const { image, orientation, viewport, view: before, fits } = this.look;
    if (view.width === before.width && view.height === before.height) return;
    if (view.width < 1 || view.height < 1) return;
    this.set({ view, viewport: fits ? fitted(image, orientation, view) : resizedView(viewport, before, view) });
  }

  fit(): void {
    const { image, orientation, view } = this.look;
    this.set({ viewport: fitted(image, orientation, view), fits: true });
  }

  zoom(factor: number, about?: ScreenPoint): void {
    const { view, viewport, image, orientation } = this.look;
    const point = about ?? screenPoint(view.width / 2, view.height / 2);
    const smallest = fitted(image, orientation, view).scale / 4;
    this.set({ viewport: zoomedAbout(point, factor, viewport, smallest), fits: false });
  }

  zoomTo(box: Box): void {
    const { image, orientation, view } = this.look;
    this.set({ viewport: zoomedToBox(box, image, orientation, view), fits: false });
  }

  pan(dx: number, dy: number): void {
    this.set({ viewport: panned(this.look.viewport, dx, dy), fits: false });
  }

  turn(by: 1 | -1): void {
    this.orient(turned(this.look.orientation, by));
  }

  mirror(): void {
    this.orient(mirrored(this.look.orientation));
  }

  /** The picture as the file holds it, whatever is known about it. */
  showAsStored(): void {
    this.orient(AS_STORED);
  }

  /** As it was shown at first. */
  showUpright(): void {
    this.orient(this.look.home);
  }

  dragWindow(start: GreyWindow, dx: number, dy: number): void {
    this.set({ window: draggedWindow(start, this.look.baseWindow, dx, dy), preset: null });
  }

  nextPreset(): void {
    const all: readonly FilmPreset[] = [
      "default",
      ...this.look.headerWindows.map((_, at) => at),
      ...WINDOW_PRESETS.filter((preset) => preset !== "default"),
    ];
    const now = this.look.preset === null ? -1 : all.indexOf(this.look.preset);
    this.choosePreset(all[(now + 1) % all.length] as FilmPreset);
  }

  choosePreset(preset: FilmPreset): void {
    const { baseWindow, headerWindows } = this.look;
    const window = typeof preset === "number" ? headerWindows[preset] : presetWindow(baseWindow, preset);
    if (window) this.set({ window, preset });
  }

  resetWindow(): void {
    this.set({ window: this.look.baseWindow, preset: "default", inverted: false });
  }

  invert(): void {
    this.set({ inverted: !this.look.inverted });
  }

  hideBoxes(hidden: boolean): void {
    if (hidden !== this.look.boxesHidden) this.set({ boxesHidden: hidden });
  }

  showSharp(sharp: boolean): void {
    if (sharp !== this.look.sharp) this.set({ sharp });
  }

  /** None where a window of the header was chosen: on another film its distance from the default means nothing. */
  habit(): WindowHabit {
    const { window, baseWindow, preset } = this.look;
    return habitOf(typeof preset === "number" ? baseWindow : window, baseWindow);
  }

  imagePoint(point: ScreenPoint): ImagePoint {
    const { image, orientation, viewport } = this.look;
    return toImage(point, image, orientation, viewport);
  }

  private orient(orientation: Orientation): void {
    const { image, view } = this.look;
    this.set({ orientation, viewport: fitted(image, orientation, view), fits: true });
  }

  private set(change: Partial<FilmLook>): void {
    this.look = { ...this.look, ...change };
    this.listeners.forEach((listener) => listener());
  }
}
