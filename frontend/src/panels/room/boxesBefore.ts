import type { BoxDifferences } from "../../api/types";
import type { FilmBox } from "../../canvas/types";
import { contentOf, NO_ATTRIBUTES } from "../../core/regionState";
import { isRegionId } from "../../core/regions";

/** The boxes of the version before, faint, where they were different. */
export function boxesBefore({ regions }: BoxDifferences): FilmBox[] {
  return regions.flatMap(({ region, change, before }) => {
    if (change === "same" || change === "marked" || !isRegionId(region)) return [];
    const content = contentOf({ ...before, attributes: NO_ATTRIBUTES });
    return content.state === "boxed" ? [{ region, box: content.box, look: "faint" as const }] : [];
  });
}
