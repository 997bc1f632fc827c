import { chordText, type Chord } from "../../core/keymap";

/** A key cap; none where an action has lost its key. */
export function Key({ chord }: { readonly chord: Chord | undefined }) {
  if (!chord) return null;
  return (
    <kbd className="room-key" aria-hidden="true">
      {chordText(chord)}
    </kbd>
  );
}
