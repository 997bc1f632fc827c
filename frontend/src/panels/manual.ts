/** Where the labelling manual says something about a region; for links that must not carry anybody off their film. */
import type { RegionId } from "../core/regions";

export const manualAddress = (region: RegionId | null): string => (region ? `/manual#${region}` : "/manual");
