import { useMemo, useRef, useState } from "react";

import type { BlockedFilm } from "../../api/types";
import { afterMove, type BoxMove } from "../../core/boxMoves";
import type { Box, BoxId } from "../../core/boxes";
import {
  blankFor,
  isCovered,
  nextBlankId,
  NOTHING_BLANKED,
  onFilm,
  redone,
  undone,
  withMoved,
  withNew,
  without,
  type FoundWriting,
  type Redaction,
} from "../../core/redaction";

/** The rectangles over one blocked film, and which box is in hand. */
export function useRedaction(film: BlockedFilm) {
  const [redaction, setRedaction] = useState<Redaction>(NOTHING_BLANKED);
  const [focused, setFocused] = useState<BoxId | null>(null);
  const found = useMemo(
    () => film.regions.map((box, at): FoundWriting => ({ id: `found-${at + 1}`, box })),
    [film.regions],
  );
  const open = useMemo(() => found.filter((place) => !isCovered(place, redaction.blanks)), [found, redaction.blanks]);
  const latest = useRef({ redaction, open, focused });
  latest.current = { redaction, open, focused };

  return useMemo(() => {
    const size = { width: film.columns, height: film.rows };

    function take(next: Redaction): void {
      latest.current = { ...latest.current, redaction: next };
      setRedaction(next);
    }

    /** The place after the ones that have just been covered, so that a row of them is one key each. */
    function focusNextOpen(): void {
      const left = found.filter((place) => !isCovered(place, latest.current.redaction.blanks));
      setFocused(left[0]?.id ?? null);
    }

    function cover(places: readonly FoundWriting[]): void {
      take(withNew(latest.current.redaction, places.map((place) => blankFor(place, size))));
      focusNextOpen();
    }

    const inHand = () => latest.current.redaction.blanks.find(({ id }) => id === latest.current.focused);

    return {
      redaction,
      focused,
      found,
      open,
      /** What a drag over the film draws. */
      armed: nextBlankId(redaction),
      focus: setFocused,
      /** A new rectangle, an old one at another place, or a found place drawn larger. */
      draw(id: BoxId, box: Box) {
        const clipped = onFilm(box, size);
        if (!clipped) return;
        const { redaction: now } = latest.current;
        if (now.blanks.some((blank) => blank.id === id)) take(withMoved(now, id, clipped));
        else {
          setFocused(nextBlankId(now));
          take(withNew(now, [clipped]));
        }
      },
      /** A press on a found place covers it; on a rectangle it takes that in hand. */
      pick(id: BoxId | null) {
        const place = latest.current.open.find((one) => one.id === id);
        if (place) cover([place]);
        else setFocused(id);
      },
      coverFocused() {
        const place = latest.current.open.find((one) => one.id === latest.current.focused) ?? latest.current.open[0];
        if (place) cover([place]);
      },
      coverAll: () => latest.current.open.length > 0 && cover(latest.current.open),
      clear() {
        const blank = inHand();
        if (blank) take(without(latest.current.redaction, blank.id));
        setFocused(null);
      },
      remove: (id: BoxId) => take(without(latest.current.redaction, id)),
      move(move: BoxMove): boolean {
        const blank = inHand();
        const box = blank && onFilm(afterMove(blank.box, move), size);
        if (blank && box) take(withMoved(latest.current.redaction, blank.id, box, move.kind));
        return blank !== undefined;
      },
      walk(step: 1 | -1) {
        const stops = [...latest.current.open, ...latest.current.redaction.blanks].map(({ id }) => id);
        if (stops.length === 0) return;
        const at = latest.current.focused ? stops.indexOf(latest.current.focused) : step === 1 ? -1 : 0;
        setFocused(stops[(at + step + stops.length) % stops.length] as BoxId);
      },
      undo: () => take(undone(latest.current.redaction)),
      redo: () => take(redone(latest.current.redaction)),
      boxInHand(): Box | null {
        const all = [...latest.current.redaction.blanks, ...latest.current.open];
        return all.find(({ id }) => id === latest.current.focused)?.box ?? null;
      },
    };
  }, [redaction, focused, found, open, film.columns, film.rows]);
}

export type RedactionWork = ReturnType<typeof useRedaction>;
