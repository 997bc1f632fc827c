import { useSearchParams } from "react-router";

import { filterOf } from "../../api/evaluationAddresses";

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
