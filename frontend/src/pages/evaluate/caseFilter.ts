import { useSearchParams } from "react-router";

import type { Query } from "../../api/client";

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

/** The filter of the address, as a query of the API, and how to change it. */
export function useCaseFilter() {
  const [address, setAddress] = useSearchParams();
  const query = filterOf(address);
  const set = (changes: Partial<Record<string, string | null>>) =>
    setAddress(
      (before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(changes)) {
          if (value) next.set(name, value);
          else next.delete(name);
        }
        return next;
      },
      { replace: true },
    );
  return { query, address, set, text: new URLSearchParams(query as Record<string, string>).toString() };
}
