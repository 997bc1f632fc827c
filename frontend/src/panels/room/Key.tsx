import { chordText, type Chord } from "../../core/keymap";

/** A key cap. */
export function Key({ chord }: { readonly chord: Chord }) {
  return (
    <kbd className="room-key" aria-hidden="true">
      {chordText(chord)}
    </kbd>
  );
}
