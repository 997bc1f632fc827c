import type { Box, BoxId } from "../core/boxes";
import type { RegionId } from "../core/regions";

/** A box as the film shows it; most are regions of the hand. */
export interface FilmBox<Id extends BoxId = RegionId> {
  readonly region: Id;
  readonly box: Box;
  /** Dashed (a proposal), solid (a person's word), faint (for comparison), or filled: what lies under it goes. */
  readonly look: "proposed" | "solid" | "faint" | "blanked";
  /** The region's colour when left out. */
  readonly colour?: string;
  /** Accessible name; the region's name when left out. */
  readonly name?: string;
  /** What stands beside the box when it is in hand; the region's name when left out. */
  readonly label?: string;
  /** Marked with a pin: somebody has said something about it. */
  readonly pinned?: boolean;
}
