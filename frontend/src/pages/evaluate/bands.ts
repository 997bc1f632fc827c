import type { BandRow } from "../../api/figures";

/** Cells of fewer studies say little, and are drawn so. */
export const FEW = 20;

/** `3–4` for the half-open band (3,4]; `0` and `> 18` at the ends. */
export function bandLabel({ from_years: from, to_years: to, band }: BandRow): string {
  if (from === null && to === null) return band;
  if (to === null) return `> ${from}`;
  if (from === null || from === to) return `${to}`;
  return `${from}–${to}`;
}

/** The label of a band that is known by its name alone: `(3,4]`, `>18`, `0`. */
export function bandName(band: string): string {
  const found = /^\((\d+),(\d+)\]$/.exec(band);
  return found ? `${found[1]}–${found[2]}` : band.replace(">", "> ");
}

/** 0 at an error of 0.3 years or less, 1 at 0.8 years or more. */
export function heat(maeMonths: number): number {
  return Math.min(1, Math.max(0, (maeMonths / 12 - 0.3) / 0.5));
}
