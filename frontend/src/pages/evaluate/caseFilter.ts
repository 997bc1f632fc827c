import { useSearchParams } from "react-router";

import type { Query } from "../../api/address";
import { filterOf } from "../../api/evaluationAddresses";

/** A part of a plot, as the list of single films can be narrowed to it. */
export const RECTANGLE = ["plot", "x_from_months", "x_to_months", "y_from_months", "y_to_months"] as const;

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
  return { query, address, set };
}

/** The single films of an address: which, of which part of a plot, in which order. */
export function caseOrderOf(address: URLSearchParams): Query {
  const query: Query = { ...filterOf(address), order: address.get("order") ?? "largest_error" };
  for (const name of RECTANGLE) {
    const value = address.get(name);
    if (value) query[name] = value;
  }
  return query;
}

/** Of the film that one comes back from: it is marked in plots and list. */
const CAME_FROM = "case";

/** The row of the film that one comes back from. */
export const cameFrom = (address: URLSearchParams): number | null => {
  const row = address.get(CAME_FROM);
  return row === null ? null : Number(row);
};

/** A film's page. It keeps the whole address of the evaluation, so that one comes back to where one was. */
export function casePath(evaluation: string, row: number, address: URLSearchParams): string {
  const kept = new URLSearchParams(address);
  kept.delete(CAME_FROM);
  return `/evaluate/${evaluation}/cases/${row}?${kept.toString()}`;
}

/** Back from a film's page. */
export function backPath(evaluation: string, row: string, address: URLSearchParams): string {
  const kept = new URLSearchParams(address);
  kept.set(CAME_FROM, row);
  return `/evaluate/${evaluation}?${kept.toString()}`;
}
