/**
 * What a pointer does to the film, as small states: each file here is one. A state answers a pointer's move, release
 * or loss with the next state (null: the gesture is over) and with effects; it knows no DOM.
 */
import type { Box, BoxId, Handle } from "../core/boxes";
import type { ImagePoint, ScreenPoint } from "../core/points";
import type { GreyWindow } from "../core/window";

export type Target =
  | { readonly kind: "film" }
  | { readonly kind: "box"; readonly region: BoxId; readonly part: "inside" | "edge" }
  | { readonly kind: "handle"; readonly region: BoxId; readonly handle: Handle };

export interface PointerFact {
  readonly screen: ScreenPoint;
  readonly image: ImagePoint;
  readonly target: Target;
  /** 0 main, 1 middle, 2 secondary. */
  readonly button: number;
  readonly ctrl: boolean;
  readonly shift: boolean;
  readonly touch: boolean;
}

export interface Scene {
  readonly readOnly: boolean;
  /** The region that a drag on the film draws; null: it moves the film. */
  readonly armed: BoxId | null;
  readonly focused: BoxId | null;
  /** It is in hand only because it was drawn last. */
  readonly justDrawn?: boolean;
  /** A press always draws, whatever lies under it. */
  readonly drawMode: boolean;
  /** The window/level key is held. */
  readonly windowKey: boolean;
  readonly window: GreyWindow;
  boxOf(region: BoxId): Box | null;
  readonly isSuggested?: ((region: BoxId) => boolean) | undefined;
  /** Which box a drawn rectangle is; the armed one when left out. */
  readonly drawnAs?: ((box: Box) => BoxId | null) | undefined;
}

export type Effect =
  | { readonly kind: "preview"; readonly region: BoxId; readonly box: Box; readonly drawn?: boolean }
  | { readonly kind: "previewAll"; readonly dx: number; readonly dy: number }
  | { readonly kind: "endPreview" }
  | { readonly kind: "draw"; readonly region: BoxId; readonly box: Box }
  | { readonly kind: "moveAll"; readonly dx: number; readonly dy: number }
  | { readonly kind: "pan"; readonly dx: number; readonly dy: number }
  | { readonly kind: "window"; readonly start: GreyWindow; readonly dx: number; readonly dy: number }
  | { readonly kind: "zoom"; readonly factor: number; readonly about: ScreenPoint }
  | { readonly kind: "pick"; readonly region: BoxId | null; readonly at: ImagePoint };

export interface Step {
  readonly gesture: Gesture | null;
  readonly effects: readonly Effect[];
}

export interface Gesture {
  readonly name: "press" | "draw" | "move" | "resize" | "moveAll" | "pan" | "window" | "pinch";
  move(fact: PointerFact, scene: Scene): Step;
  up(fact: PointerFact, scene: Scene): Step;
  cancel(): Step;
}

export const over = (...effects: Effect[]): Step => ({ gesture: null, effects });
export const on = (gesture: Gesture, ...effects: Effect[]): Step => ({ gesture, effects });
