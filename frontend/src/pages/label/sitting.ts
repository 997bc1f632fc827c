/** The films of a person's sitting in this tab, in order, so that A and D go back and forth among them. */
import { keepNote, keptNote } from "../../panels/room/tabNotes";

const NOTE = "sitting";
const LONGEST = 50;

const isListOfIds = (value: unknown): value is string[] => Array.isArray(value) && value.every((id) => typeof id === "string");

/** All films of the sitting. */
export const sitting = (person: string | null): readonly string[] => keptNote(person, NOTE, isListOfIds) ?? [];

export function visited(person: string | null, boxSet: string): void {
  const films = sitting(person);
  if (!films.includes(boxSet)) keepNote(person, NOTE, [...films, boxSet].slice(-LONGEST));
}

export function neighbour(person: string | null, boxSet: string, step: 1 | -1): string | null {
  const films = sitting(person);
  const at = films.indexOf(boxSet);
  return at < 0 ? null : (films[at + step] ?? null);
}
