/** A bone age as a reader types it: years and months; plates of the atlas as quick picks, never as the only choice. */

/** The largest bone age that can be read: the end of the atlas with some room. */
export const LARGEST_BONE_AGE_MONTHS = 20 * 12;

export interface AgeEntry {
  readonly years: string;
  readonly months: string;
}

export const NO_ENTRY: AgeEntry = { years: "", months: "" };

/**
 * Months of an entry, or null while it is none. Months alone are allowed (`18` months), years alone mean full years;
 * beside years there are only 0 to 11 months.
 */
export function enteredMonths({ years, months }: AgeEntry): number | null {
  if (years.trim() === "" && months.trim() === "") return null;
  const [y, m] = [whole(years), whole(months)];
  if (y === null || m === null) return null;
  if (y > 0 && m > 11) return null;
  const total = y * 12 + m;
  return total <= LARGEST_BONE_AGE_MONTHS ? total : null;
}

const whole = (text: string): number | null => (text.trim() === "" ? 0 : /^\d{1,3}$/.test(text.trim()) ? Number(text) : null);

export const entryOf = (months: number): AgeEntry => ({
  years: String(Math.floor(Math.round(months) / 12)),
  months: String(Math.round(months) % 12),
});

/** The plate that an age stands on, or null between plates. */
export const plateAt = (plates: readonly number[], months: number | null): number | null =>
  months !== null && plates.includes(months) ? months : null;

/**
 * The plate a reading names: the one its months stand on, else the one that was chosen, so long as the months lie between
 * that plate's neighbours ("the plate of 10 years, a little older"); otherwise none.
 */
export function keptPlate(plates: readonly number[], chosen: number | null, months: number | null): number | null {
  const exact = plateAt(plates, months);
  if (exact !== null || chosen === null || months === null) return exact;
  const below = neighbouringPlate(plates, chosen, -1) ?? -Infinity;
  const above = neighbouringPlate(plates, chosen, 1) ?? Infinity;
  return below < months && months < above ? chosen : null;
}

/** The next plate up or down from where one is. */
export function neighbouringPlate(plates: readonly number[], months: number | null, step: 1 | -1): number | null {
  if (plates.length === 0) return null;
  const sorted = [...plates].sort((a, b) => a - b);
  if (months === null) return sorted[Math.floor(sorted.length / 2)] ?? null;
  const found = step === 1 ? sorted.find((plate) => plate > months) : sorted.reverse().find((plate) => plate < months);
  return found ?? null;
}
