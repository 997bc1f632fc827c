import { useEffect } from "react";

import { labelUpcoming } from "../../api/boxSets";
import { loadPixels } from "../../canvas/pixels";

/** After this one's own picture has had its time. */
const WAIT_MS = 1_500;

/**
 * Fetches the picture that will most likely be next while this one is worked on. No draft is made and no hold taken, so
 * nobody waits for a film that is merely looked forward to; a failure is met again, and shown, when the film is opened.
 */
export function useNextPicture(boxSet: string, wanted: boolean): void {
  useEffect(() => {
    if (!wanted) return undefined;
    const leaving = new AbortController();
    const fetchAhead = async () => {
      const film = await labelUpcoming(boxSet, leaving.signal);
      if (film) await loadPixels(film.pixels_url, film.rows, film.columns, true);
    };
    const timer = window.setTimeout(() => void fetchAhead().catch(() => undefined), WAIT_MS);
    return () => {
      window.clearTimeout(timer);
      leaving.abort();
    };
  }, [boxSet, wanted]);
}
