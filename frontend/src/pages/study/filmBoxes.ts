import type { BoxDifferences, BoxSetThen, ScoredRegionBox } from "../../api/types";
import type { FilmBox } from "../../canvas/types";
import { contentOf, NO_ATTRIBUTES } from "../../core/regionState";
import { isRegionId } from "../../core/regions";
import { boxesBefore } from "../../panels/room/boxesBefore";

/** A model's boxes: proposals, nobody's word yet. */
export function modelBoxes(boxes: readonly ScoredRegionBox[]): FilmBox[] {
  return boxes.flatMap(({ region, score: _, ...box }) => (isRegionId(region) ? [{ region, box, look: "proposed" as const }] : []));
}

/** A person's boxes of one version. */
export function versionBoxes(regions: BoxSetThen["regions"]): FilmBox[] {
  return regions.flatMap((row) => {
    const content = contentOf({ ...row, attributes: NO_ATTRIBUTES });
    return isRegionId(row.region) && content.state === "boxed" ? [{ region: row.region, box: content.box, look: "solid" as const }] : [];
  });
}

/** The newer version solid, the older one faint where it was different. */
export const differenceBoxes = (differences: BoxDifferences): FilmBox[] => [
  ...boxesBefore(differences),
  ...versionBoxes(differences.regions.map(({ after }) => after)),
];
