import { chordText, type Chord } from "../../core/keymap";

const KEY = /<kbd data-key="(\w+)">[^<]*<\/kbd>/g;
const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** The manual's keys as the person has them; an action that has no key keeps none. */
export function withKeys(html: string, map: Readonly<Record<string, readonly Chord[]>>): string {
  return html.replaceAll(KEY, (_, action: string) => {
    const chord = map[action]?.[0];
    return chord ? `<kbd data-key="${action}">${chordText(chord).replaceAll(/[&<>]/g, (sign) => ENTITIES[sign] ?? sign)}</kbd>` : "";
  });
}
