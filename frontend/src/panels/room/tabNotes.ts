/**
 * Small things of one person that a reload of the page must not lose: kept in this tab alone, under the person's id,
 * so that whoever signs in after them at the same workstation is shown none of it.
 */
const key = (person: string, what: string): string => `boneage-note-${person}-${what}`;

/** Null lets go of it. */
export function keepNote(person: string | null, what: string, value: unknown): void {
  if (person === null) return;
  try {
    if (value === null) sessionStorage.removeItem(key(person, what));
    else sessionStorage.setItem(key(person, what), JSON.stringify(value));
  } catch {
    // A browser that keeps nothing has it until the page is closed.
  }
}

/** What was kept; null where there is nothing, or what `isValid` does not recognise. */
export function keptNote<Kept>(person: string | null, what: string, isValid: (value: unknown) => value is Kept): Kept | null {
  if (person === null) return null;
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(key(person, what)) ?? "null");
    return isValid(kept) ? kept : null;
  } catch {
    return null;
  }
}
