/** Every key of the workbench, once. The map is checked for collisions by a test and drawn by the `?` page. */
import { REGION_IDS, type RegionId } from "./regions";

/** A key with its modifiers, e.g. `ctrl+shift+z`, `alt+arrowleft`, `?`. */
export type Chord = string;

export interface KeyFact {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/**
 * The chord of a key press. Shift is named only where it does not already change the character (`?` stays `?`).
 * Letters are lower case, so Caps Lock changes nothing; an input method's "Process" falls back to the key's place.
 */
export function chordOf(fact: KeyFact): Chord {
  const named = fact.key.length > 1 && fact.key !== "Process";
  const base = fact.key === "Process" || fact.key === "Unidentified" ? placeOf(fact.code) : fact.key;
  const key = base === " " ? "space" : base.toLowerCase();
  const letter = /^[a-z]$/.test(key);
  const parts = [
    fact.ctrlKey || fact.metaKey ? "ctrl" : "",
    fact.altKey ? "alt" : "",
    fact.shiftKey && (named || letter || key === "space") ? "shift" : "",
    key,
  ];
  return parts.filter(Boolean).join("+");
}

function placeOf(code: string): string {
  if (code.startsWith("Key")) return code.slice(3);
  if (code.startsWith("Digit")) return code.slice(5);
  return code === "Space" ? " " : code;
}

export type FilmAction =
  | "zoomRegion"
  | "fit"
  | "zoomIn"
  | "zoomOut"
  | "invert"
  | "windowPreset"
  | "windowReset"
  | "turnLeft"
  | "turnRight"
  | "mirror";

export type LabelAction =
  | FilmAction
  | "drawMode"
  | "previousStudy"
  | "nextStudy"
  | "finish"
  | "finishWithRest"
  | "template"
  | "place"
  | "clear"
  | "nextAttention"
  | "previousAttention"
  | "accept"
  | "acceptAll"
  | "absent"
  | "centreNotVisible"
  | "occluded"
  | "difficult"
  | "hideBoxes"
  | "windowLevel"
  | "undo"
  | "redo"
  | "help"
  | "leaveFilm";

export type ReviewAction =
  | FilmAction
  | "acceptSet"
  | "fix"
  | "sendBack"
  | "comment"
  | "nextRegion"
  | "previousRegion"
  | "hideBoxes"
  | "windowLevel"
  | "help"
  | "leaveFilm";

export type RedactAction =
  | FilmAction
  | "release"
  | "noWriting"
  | "refuse"
  | "nextFilm"
  | "cover"
  | "coverAll"
  | "clear"
  | "nextPlace"
  | "previousPlace"
  | "hideBoxes"
  | "windowLevel"
  | "undo"
  | "redo"
  | "help"
  | "leaveFilm";

export type KeyMap<A extends string> = Readonly<Record<A, readonly Chord[]>>;

const FILM_KEYS: KeyMap<FilmAction> = {
  zoomRegion: ["z"],
  fit: ["0"],
  zoomIn: ["+", "="],
  zoomOut: ["-"],
  invert: ["i"],
  windowPreset: ["v"],
  windowReset: ["u"],
  turnLeft: ["["],
  turnRight: ["]"],
  mirror: ["\\"],
};

export const LABEL_KEYS: KeyMap<LabelAction> = {
  ...FILM_KEYS,
  drawMode: ["w"],
  previousStudy: ["a"],
  nextStudy: ["d"],
  finish: ["space"],
  finishWithRest: ["shift+space"],
  template: ["c"],
  place: ["p"],
  clear: ["delete", "backspace"],
  nextAttention: ["tab"],
  previousAttention: ["shift+tab"],
  accept: ["enter"],
  acceptAll: ["shift+enter"],
  absent: ["x"],
  centreNotVisible: ["n"],
  occluded: ["o"],
  difficult: ["f"],
  hideBoxes: ["b"],
  windowLevel: ["l"],
  undo: ["ctrl+z"],
  redo: ["ctrl+shift+z", "ctrl+y"],
  help: ["?"],
  leaveFilm: ["escape"],
};

export const REVIEW_KEYS: KeyMap<ReviewAction> = {
  ...FILM_KEYS,
  acceptSet: ["space"],
  fix: ["f"],
  sendBack: ["x"],
  comment: ["c", "enter"],
  nextRegion: ["tab"],
  previousRegion: ["shift+tab"],
  hideBoxes: ["b"],
  windowLevel: ["l"],
  help: ["?"],
  leaveFilm: ["escape"],
};

export const REDACT_KEYS: KeyMap<RedactAction> = {
  ...FILM_KEYS,
  release: ["space"],
  noWriting: ["n"],
  refuse: ["x"],
  nextFilm: ["d"],
  cover: ["enter"],
  coverAll: ["shift+enter"],
  clear: ["delete", "backspace"],
  nextPlace: ["tab"],
  previousPlace: ["shift+tab"],
  hideBoxes: ["b"],
  windowLevel: ["l"],
  undo: ["ctrl+z"],
  redo: ["ctrl+shift+z", "ctrl+y"],
  help: ["?"],
  leaveFilm: ["escape"],
};

/**
 * One key per region, rows of the keyboard as rows of the hand: figures for wrist and metacarpals, the row under them
 * for the proximal, the row under that for the distal phalanges, thumb first.
 */
export const REGION_KEYS: Readonly<Record<RegionId, Chord>> = {
  radius: "1",
  ulna: "2",
  carpals: "3",
  mc2: "4",
  mc3: "5",
  mc4: "6",
  mc5: "7",
  pp1: "q",
  pp2: "e",
  pp3: "r",
  pp4: "t",
  pp5: "y",
  dp1: "s",
  dp2: "g",
  dp3: "h",
  dp4: "j",
  dp5: "k",
};

/** Arrows, bare, with Shift (10 px) and with Alt (one edge), are the moves of a box; no map may take them. */
export const MOVE_CHORDS: readonly Chord[] = ["", "shift+", "alt+", "alt+shift+"].flatMap((prefix) =>
  ["arrowleft", "arrowright", "arrowup", "arrowdown"].map((arrow) => prefix + arrow),
);

/** Browsers keep these for themselves: a page that uses them loses the person's work. */
export const BROWSER_CHORDS: readonly Chord[] = [
  ...["ctrl+w", "ctrl+tab", "ctrl+shift+tab", "ctrl+t", "ctrl+n", "ctrl+r", "ctrl+l", "ctrl+k", "ctrl+q"],
  ...["ctrl+shift+w", "ctrl+shift+t", "ctrl+shift+n", "ctrl+shift+r", "ctrl+shift+i", "ctrl+shift+q"],
  ...["f1", "f5", "f6", "f11", "f12", "alt+f4", "alt+tab", "alt+d"],
];

export const regionOfKey = (chord: Chord, keys: Readonly<Record<RegionId, Chord>> = REGION_KEYS): RegionId | null =>
  REGION_IDS.find((id) => keys[id] === chord) ?? null;

export function actionOf<A extends string>(map: KeyMap<A>, chord: Chord): A | null {
  const entries = Object.entries(map) as [A, readonly Chord[]][];
  return entries.find(([, chords]) => chords.includes(chord))?.[0] ?? null;
}

/** Chords that mean two things in one map (with the region keys and the moves), or that belong to the browser. */
export function collisions(map: KeyMap<string>, regionKeys: Readonly<Record<string, Chord>> = REGION_KEYS): Chord[] {
  const all = [...Object.values(map).flat(), ...Object.values(regionKeys), ...MOVE_CHORDS, ...BROWSER_CHORDS];
  return [...new Set(all.filter((chord, i) => all.indexOf(chord) !== i))];
}

const GLYPHS: Readonly<Record<string, string>> = {
  space: "Space",
  enter: "Enter",
  tab: "Tab",
  escape: "Esc",
  delete: "Del",
  backspace: "Backspace",
  ctrl: "Ctrl",
  shift: "Shift",
  alt: "Alt",
  arrowleft: "←",
  arrowright: "→",
  arrowup: "↑",
  arrowdown: "↓",
};

/** A chord as printed on a key cap. */
export const chordText = (chord: Chord): string =>
  chord === "+" ? "+" : chord.split("+").map((part) => GLYPHS[part] ?? part.toUpperCase()).join(" + ");
