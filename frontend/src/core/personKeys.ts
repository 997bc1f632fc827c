/** A person's own keys: what they changed, laid over the maps, and what stands in the way of a change. */
import {
  BROWSER_CHORDS,
  LABEL_KEYS,
  MOVE_CHORDS,
  REDACT_KEYS,
  REGION_KEYS,
  REVIEW_KEYS,
  type Chord,
  type KeyMap,
  type LabelAction,
  type RedactAction,
  type ReviewAction,
} from "./keymap";
import { REGION_IDS, type RegionId } from "./regions";

/** Something that has a key: an action by its name (the same in every room that has it), or a region. */
export type KeySlot = LabelAction | ReviewAction | RedactAction | `region:${RegionId}`;

/** A changed slot has this one key instead of its usual ones. */
export type KeyChanges = Readonly<Partial<Record<KeySlot, Chord>>>;

export interface PersonKeys {
  readonly label: KeyMap<LabelAction>;
  readonly review: KeyMap<ReviewAction>;
  readonly redact: KeyMap<RedactAction>;
  readonly regions: Readonly<Record<RegionId, Chord>>;
}

export type Room = Exclude<keyof PersonKeys, "regions">;

/** Escape always leads out. */
export const FIXED_SLOTS: readonly KeySlot[] = ["leaveFilm"];

/** Held, not pressed: letting go of a modifier first must not leave them on. */
const HELD_SLOTS: readonly KeySlot[] = ["hideBoxes", "windowLevel"];

const ROOMS: readonly Room[] = ["label", "review", "redact"];

export const regionSlot = (id: RegionId): KeySlot => `region:${id}`;

export function keysWith(changes: KeyChanges): PersonKeys {
  const laid = <A extends KeySlot>(map: KeyMap<A>): KeyMap<A> => {
    const entries = (Object.keys(map) as A[]).map((action) => [action, changes[action] ? [changes[action]] : map[action]]);
    return Object.fromEntries(entries) as KeyMap<A>;
  };
  const regions = REGION_IDS.map((id) => [id, changes[regionSlot(id)] ?? REGION_KEYS[id]]);
  return {
    label: laid(LABEL_KEYS),
    review: laid(REVIEW_KEYS),
    redact: laid(REDACT_KEYS),
    regions: Object.fromEntries(regions) as Record<RegionId, Chord>,
  };
}

export const USUAL_KEYS = keysWith({});

/** Why a slot cannot have a chord. */
export type KeyObstacle =
  | { readonly kind: "browser" | "move" | "held" | "fixed" }
  | { readonly kind: "taken"; readonly by: KeySlot };

/** What stands in the way of giving the slot this chord, with the person's other changes in force; null: nothing. */
export function obstacleTo(changes: KeyChanges, slot: KeySlot, chord: Chord): KeyObstacle | null {
  if (FIXED_SLOTS.includes(slot)) return { kind: "fixed" };
  if (BROWSER_CHORDS.includes(chord)) return { kind: "browser" };
  if (MOVE_CHORDS.includes(chord)) return { kind: "move" };
  if (HELD_SLOTS.includes(slot) && chord !== "+" && chord.includes("+")) return { kind: "held" };
  const keys = keysWith(changes);
  for (const room of ROOMS) {
    const slots = slotsOf(keys, room);
    if (!slots.some(([other]) => other === slot)) continue;
    const taken = slots.find(([other, chords]) => other !== slot && chords.includes(chord));
    if (taken) return { kind: "taken", by: taken[0] };
  }
  return null;
}

/** All that have a key in a room. The gate's room has no regions. */
function slotsOf(keys: PersonKeys, room: Room): [KeySlot, readonly Chord[]][] {
  const actions = Object.entries(keys[room]) as [KeySlot, readonly Chord[]][];
  const regions = room === "redact" ? [] : REGION_IDS.map((id): [KeySlot, readonly Chord[]] => [regionSlot(id), [keys.regions[id]]]);
  return [...actions, ...regions];
}

/** Changes that were kept, without those that a newer version of the program no longer lets stand. */
export function stillPossible(kept: unknown): KeyChanges {
  if (typeof kept !== "object" || kept === null) return {};
  const known = new Set<string>(ROOMS.flatMap((room) => slotsOf(USUAL_KEYS, room).map(([slot]) => slot)));
  let changes: KeyChanges = {};
  for (const [slot, chord] of Object.entries(kept)) {
    if (known.has(slot) && typeof chord === "string") changes = { ...changes, [slot]: chord };
  }
  const standing = Object.entries(changes) as [KeySlot, Chord][];
  const bad = standing.filter(([slot, chord]) => obstacleTo(changes, slot, chord) !== null);
  return Object.fromEntries(standing.filter((entry) => !bad.includes(entry)));
}
