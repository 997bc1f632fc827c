import { useCallback, useState } from "react";

import { armedRegion, nextOpen, nextStop, type Focus } from "../../core/attention";
import type { Contents } from "../../core/regionState";
import type { RegionId } from "../../core/regions";

export interface FocusControl extends Focus {
  readonly armed: RegionId | null;
  /** Taken in hand, by a click on its box. */
  take(region: RegionId | null): void;
  /** Called up by its key or from the list: the next drag draws it. */
  callUp(region: RegionId): void;
  /** On to the next region that is open (or, when all are settled, simply to the next). */
  walk(step: 1 | -1): void;
  /** After a region was settled: on to the next open one, staying where one is when none is left. */
  advance(contents: Contents, from: RegionId): void;
}

export function useFocusRegion(contents: Contents): FocusControl {
  const [focus, setFocus] = useState<Focus>(() => ({ region: nextOpen(contents, null), calledUp: false }));
  const take = useCallback((region: RegionId | null) => setFocus({ region, calledUp: false }), []);
  const callUp = useCallback((region: RegionId) => setFocus({ region, calledUp: true }), []);
  const walk = useCallback(
    (step: 1 | -1) => setFocus((now) => ({ region: nextStop(contents, now.region, step), calledUp: false })),
    [contents],
  );
  const advance = useCallback(
    (now: Contents, from: RegionId) => setFocus({ region: nextOpen(now, from) ?? from, calledUp: false }),
    [],
  );
  return { ...focus, armed: armedRegion(contents, focus), take, callUp, walk, advance };
}
