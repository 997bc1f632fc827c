import type { Box } from "../core/boxes";
import type { RegionId } from "../core/regions";

/** A box as the film shows it. */
export interface FilmBox {
  readonly region: RegionId;
  readonly box: Box;
  /** Dashed (a proposal), solid (a person's word), or faint (for comparison). */
  readonly look: "proposed" | "solid" | "faint";
  /** Accessible name; the region's name when left out. */
  readonly name?: string;
  /** What stands beside the box when it is in hand; the region's name when left out. */
  readonly label?: string;
  /** Marked with a pin: somebody has said something about it. */
  readonly pinned?: boolean;
}
