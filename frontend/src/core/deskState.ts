/** What stands on the label desk besides the boxes: what is in hand, what is said, and the keys that work on it. */
import type { Focus } from "./attention";
import type { LabelAction } from "./keymap";
import type { ImagePoint } from "./points";
import type { RegionId } from "./regions";
import type { TemplateProblem } from "./template";

/** The keys that work on boxes; the others belong to the film or to the page. */
export type DeskAction = Extract<
  LabelAction,
  | "clear"
  | "nextAttention"
  | "previousAttention"
  | "accept"
  | "acceptAll"
  | "absent"
  | "centreNotVisible"
  | "occluded"
  | "difficult"
  | "drawMode"
  | "template"
  | "undo"
  | "redo"
>;

/** What to tell the person: a sentence by name, with the regions and words that go into it. */
export interface Said {
  readonly code:
    | "accepted"
    | "acceptedAll"
    | "deleted"
    | "undone"
    | "redone"
    | "refusedMissing"
    | "templateLaid"
    | "templateTaken"
    | "templateKept"
    | `templateProblem.${TemplateProblem}`
    | "placed"
    | "submitFailed"
    | "undecided"
    | "changedElsewhere"
    | "noNext"
    | "nextFailed"
    | "noPrevious";
  readonly regions?: readonly RegionId[];
  readonly count?: number;
  readonly reason?: string;
}

export interface DeskState {
  readonly focus: Focus;
  readonly said: Said | null;
  /** The region whose absence waits for a reason. */
  readonly absentFor: RegionId | null;
  /** A press draws, whatever lies under it. */
  readonly drawMode: boolean;
  /** The template's points so far; null: the template is not being laid. */
  readonly clicks: readonly ImagePoint[] | null;
}
