import { useSyncExternalStore } from "react";

const QUERY = "(any-pointer: coarse)";

function subscribe(listener: () => void): () => void {
  const media = window.matchMedia(QUERY);
  media.addEventListener("change", listener);
  return () => media.removeEventListener("change", listener);
}

/** Whether fingers may be at work, so that targets must be large. */
export const useCoarsePointer = (): boolean => useSyncExternalStore(subscribe, () => window.matchMedia(QUERY).matches);
