/** Where an evaluation's data lie, and which cases an address of the page means: the same names in both. */

import type { Query } from "./address";

/** Which cases, against which truth: named in the address as in the API. What is not there is as the page opens. */
export const FILTERS = [
  "truth",
  "band_by",
  "chronological_age",
  "rejected",
  "sex",
  "from_years",
  "to_years",
  "site",
  "device",
  "year",
  "quality",
] as const;
export type FilterName = (typeof FILTERS)[number];

export function filterOf(address: URLSearchParams): Query {
  const query: Query = {};
  for (const name of FILTERS) {
    const value = address.get(name);
    if (value) query[name] = value;
  }
  return query;
}

/** What one comes to the page for. */
export const FIRST_FIGURES = ["headline", "table3"] as const;

export const evaluationPath = (id: string) => `/evaluations/${id}`;
export const figurePath = (id: string, name: string) => `/evaluations/${id}/figures/${name}`;
