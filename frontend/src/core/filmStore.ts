/** How one film is looked at: orientation, viewport, window, inversion. An observable without a browser. */
import type { Box } from "./boxes";
import type { ImagePoint, ScreenPoint } from "./points";
import { screenPoint } from "./points";
import {
  UPRIGHT,
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

export interface FilmLook {
  readonly image: Size;
  readonly view: Size;
  readonly orientation: Orientation;
  readonly viewport: Viewport;
  readonly fits: boolean;
  readonly baseWindow: GreyWindow;
  readonly window: GreyWindow;
  readonly preset: WindowPreset | null;
  readonly inverted: boolean;
  readonly boxesHidden: boolean;
}

export class FilmStore {
  private look: FilmLook;
  private readonly listeners = new Set<() => void>();

  constructor(image: Size, baseWindow: GreyWindow, habit: WindowHabit | null = null, inverted = false) {
    const view = { width: 1, height: 1 };
    this.look = {
      image,
      view,
      orientation: UPRIGHT,
      viewport: fitted(image, UPRIGHT, view),
      fits: true,
      baseWindow,
      window: habit ? windowFrom(habit, baseWindow) : baseWindow,
      preset: habit ? null : "default",
      inverted,
      boxesHidden: false,
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

  dragWindow(start: GreyWindow, dx: number, dy: number): void {
    this.set({ window: draggedWindow(start, this.look.baseWindow, dx, dy), preset: null });
  }

  nextPreset(): void {
    const now = this.look.preset === null ? -1 : WINDOW_PRESETS.indexOf(this.look.preset);
    this.choosePreset(WINDOW_PRESETS[(now + 1) % WINDOW_PRESETS.length] as WindowPreset);
  }

  choosePreset(preset: WindowPreset): void {
    this.set({ window: presetWindow(this.look.baseWindow, preset), preset });
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

  habit(): WindowHabit {
    return habitOf(this.look.window, this.look.baseWindow);
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
