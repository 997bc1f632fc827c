/** What a person does on a film with writing: rectangles to be blanked, each step undoable. Pure, without a browser. */
import { isLargeEnough, type Box, type BoxId } from "./boxes";
import type { Size } from "./viewport";

export interface Blank {
  readonly id: BoxId;
  readonly box: Box;
}

/** A place where writing was found. */
export interface FoundWriting {
  readonly id: BoxId;
  readonly box: Box;
}

export interface Redaction {
  readonly blanks: readonly Blank[];
  readonly past: readonly (readonly Blank[])[];
  readonly future: readonly (readonly Blank[])[];
  /** What the last step was, so that a held arrow key is undone at once. */
  readonly lastStep: string;
  readonly nextNumber: number;
}

export const NOTHING_BLANKED: Redaction = { blanks: [], past: [], future: [], lastStep: "", nextNumber: 1 };

/** Writing reaches a little beyond where it was found: its blank is wider by this share of its height, at least so much. */
const MARGIN_SHARE = 0.15;
const SMALLEST_MARGIN_PX = 3;

export const nextBlankId = (redaction: Redaction): BoxId => `blank-${redaction.nextNumber}`;

/** The part of a box that lies on the film; null where next to nothing does. */
export function onFilm(box: Box, film: Size): Box | null {
  const clipped = {
    x0: Math.max(0, Math.min(film.width, box.x0)),
    y0: Math.max(0, Math.min(film.height, box.y0)),
    x1: Math.max(0, Math.min(film.width, box.x1)),
    y1: Math.max(0, Math.min(film.height, box.y1)),
  };
  return isLargeEnough(clipped) ? clipped : null;
}

/** What has to be blanked so that a found writing is gone with its edges. */
export function blankFor(found: FoundWriting, film: Size): Box {
  const { x0, y0, x1, y1 } = found.box;
  const margin = Math.max(SMALLEST_MARGIN_PX, Math.min(x1 - x0, y1 - y0) * MARGIN_SHARE);
  return onFilm({ x0: x0 - margin, y0: y0 - margin, x1: x1 + margin, y1: y1 + margin }, film) ?? found.box;
}

function stepped(before: Redaction, blanks: readonly Blank[], step = "", added = 0): Redaction {
  const goesOn = step !== "" && step === before.lastStep;
  return {
    blanks,
    past: goesOn ? before.past : [...before.past, before.blanks],
    future: [],
    lastStep: step,
    nextNumber: before.nextNumber + added,
  };
}

export function withNew(before: Redaction, boxes: readonly Box[]): Redaction {
  if (boxes.length === 0) return before;
  const added = boxes.map((box, at) => ({ id: `blank-${before.nextNumber + at}`, box }));
  return stepped(before, [...before.blanks, ...added], "", boxes.length);
}

/** A blank at another place; `step` names a gesture that goes on over several calls. */
export function withMoved(before: Redaction, id: BoxId, box: Box, step = ""): Redaction {
  if (!before.blanks.some((blank) => blank.id === id)) return before;
  return stepped(before, before.blanks.map((blank) => (blank.id === id ? { id, box } : blank)), step && `${step} ${id}`);
}

export function without(before: Redaction, id: BoxId): Redaction {
  const blanks = before.blanks.filter((blank) => blank.id !== id);
  return blanks.length === before.blanks.length ? before : stepped(before, blanks);
}

export function undone(now: Redaction): Redaction {
  const last = now.past.at(-1);
  if (!last) return now;
  return { ...now, blanks: last, past: now.past.slice(0, -1), future: [now.blanks, ...now.future], lastStep: "" };
}

export function redone(now: Redaction): Redaction {
  const [next, ...rest] = now.future;
  if (!next) return now;
  return { ...now, blanks: next, past: [...now.past, now.blanks], future: rest, lastStep: "" };
}

/** Points along each side that are looked at to see whether a writing is covered; the blanks may share the work. */
const PROBES = 24;

/** Whether the blanks together cover a found writing wholly. */
export function isCovered(found: FoundWriting, blanks: readonly Blank[]): boolean {
  const { x0, y0, x1, y1 } = found.box;
  for (let i = 0; i <= PROBES; i++) {
    for (let j = 0; j <= PROBES; j++) {
      const x = x0 + ((x1 - x0) * i) / PROBES;
      const y = y0 + ((y1 - y0) * j) / PROBES;
      if (!blanks.some(({ box }) => x >= box.x0 && x <= box.x1 && y >= box.y0 && y <= box.y1)) return false;
    }
  }
  return true;
}
