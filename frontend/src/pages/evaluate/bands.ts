import type { Table3Row } from "../../api/types";

/** Cells of fewer studies say little, and are drawn so. */
export const FEW = 20;

/** `3–4` for the half-open band (3,4]; `0` and `> 18` at the ends. */
export function bandLabel({ from_years: from, to_years: to, band }: Table3Row): string {
  if (from === null && to === null) return band;
  if (to === null) return `> ${from}`;
  if (from === null || from === to) return `${to}`;
  return `${from}–${to}`;
}

/** 0 at an error of 0.3 years or less, 1 at 0.8 years or more. */
export function heat(maeMonths: number): number {
  return Math.min(1, Math.max(0, (maeMonths / 12 - 0.3) / 0.5));
}
