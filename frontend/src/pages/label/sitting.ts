/** The films of this sitting, in order, so that A and D go back and forth among them. */
const STORAGE_KEY = "boneage-sitting";
const LONGEST = 50;

function read(): string[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((id): id is string => typeof id === "string") : [];
  } catch {
    return [];
  }
}

export function visited(boxSet: string): void {
  const films = read();
  if (films.includes(boxSet)) return;
  try {
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify([...films, boxSet].slice(-LONGEST)));
  } catch {
    // Without storage there is no way back by key; the work itself is not touched.
  }
}

/** All films of this sitting. */
export const sitting = (): readonly string[] => read();

export function neighbour(boxSet: string, step: 1 | -1): string | null {
  const films = read();
  const at = films.indexOf(boxSet);
  return at < 0 ? null : (films[at + step] ?? null);
}
