import type { Query } from "../../api/address";
import { DOORS, INTAKE_RESULTS, type Door, type IntakeResult } from "../../api/types";

/** What the list of records is narrowed down to; it stands in the address. */
export interface RecordFilters {
  readonly result: IntakeResult | null;
  readonly door: Door | null;
}

/** Reads an address; what makes no sense in it is left out. */
export function readRecordFilters(parameters: URLSearchParams): RecordFilters {
  return {
    result: INTAKE_RESULTS.find((result) => result === parameters.get("result")) ?? null,
    door: DOORS.find((door) => door === parameters.get("door")) ?? null,
  };
}

export function writeRecordFilters({ result, door }: RecordFilters): URLSearchParams {
  const parameters = new URLSearchParams();
  if (result) parameters.set("result", result);
  if (door) parameters.set("door", door);
  return parameters;
}

export const recordQuery = ({ result, door }: RecordFilters): Query => ({ result, door });
