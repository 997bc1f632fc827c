/** The 17 regions, as the rest of the front end names them; the table itself is generated from the server's. */
import { REGIONS } from "../generated/regions";

export type RegionId = (typeof REGIONS)[number]["id"];

export { REGIONS };

export const REGION_IDS: readonly RegionId[] = REGIONS.map((region) => region.id);

const BY_ID = new Map(REGIONS.map((region) => [region.id, region] as const));

export function regionById(id: RegionId): (typeof REGIONS)[number] {
  const region = BY_ID.get(id);
  if (!region) throw new Error(`unknown region ${id}`);
  return region;
}

export const isRegionId = (id: string): id is RegionId => BY_ID.has(id as RegionId);

/** Name as read on screen, in the language of the interface. */
export function regionName(id: RegionId, language: string): string {
  const region = regionById(id);
  return language.startsWith("zh") ? region.nameZh : region.nameEn;
}

/** Okabe-Ito, the same everywhere: box, list, chart. */
export const TYPE_COLOURS: Readonly<Record<string, string>> = {
  radius: "#d55e00",
  ulna: "#f0e442",
  carpals: "#009e73",
  metacarpal: "#56b4e9",
  proximal_phalanx: "#e69f00",
  distal_phalanx: "#cc79a7",
};

export const regionColour = (id: RegionId): string => TYPE_COLOURS[regionById(id).type] ?? "#9aa5b1";
