import type { Query } from "../../api/address";
import { LABELLING, PRIORITIES, READING, STUDY_STATES, type Labelling, type Priority, type Reading, type Sex, type StudyState } from "../../api/types";

export const HAS = ["labelled", "read", "approved", "predicted"] as const;
export type Has = (typeof HAS)[number];
export const ORDERS = ["-received_at", "received_at", "priority"] as const;
export type Order = (typeof ORDERS)[number];
/** Findings of the quality gate (`inference/imaging/quality_findings.py`), in the order in which a person looks. */
export const FINDINGS = [
  "not_a_hand",
  "hand_not_found",
  "two_hands",
  "fingers_cut",
  "forearm_cut",
  "metal_or_cast",
  "double_exposure",
  "turned",
  "mirrored",
  "orientation_unsure",
  "right_hand",
  "right_hand_looks_left",
  "inverted",
  "polarity_suspicious",
  "blurred",
  "looks_blurred",
  "noisy",
  "looks_noisy",
  "low_resolution",
  "low_contrast",
  "few_grey_levels",
  "saturated",
  "looks_overexposed",
  "spacing_unknown",
  "age_outside_range",
  "sex_missing",
] as const;
export type FindingCode = (typeof FINDINGS)[number];

/** What the studies table is narrowed down to. Ages in years here and in the address, months for the server. */
export interface StudyFilters {
  q: string;
  state: StudyState | null;
  sex: Sex | null;
  cohort: string | null;
  ageFromYears: number | null;
  ageToYears: number | null;
  has: Has | null;
  labelling: Labelling | null;
  reading: Reading | null;
  priority: Priority | null;
  quality: FindingCode | null;
  labeller: string | null;
  assignedTo: string | null;
  order: Order;
}

export const NO_FILTERS: StudyFilters = {
  q: "",
  state: null,
  sex: null,
  cohort: null,
  ageFromYears: null,
  ageToYears: null,
  has: null,
  labelling: null,
  reading: null,
  priority: null,
  quality: null,
  labeller: null,
  assignedTo: null,
  order: "-received_at",
};

function oneOf<T extends string>(value: string | null, allowed: readonly T[]): T | null {
  return allowed.includes(value as T) ? (value as T) : null;
}

function years(value: string | null): number | null {
  if (value === null || value.trim() === "") return null;
  const number = Number(value);
  return Number.isFinite(number) && number >= 0 && number <= 30 ? number : null;
}

/** Reads an address; what makes no sense in it is left out. */
export function readFilters(parameters: URLSearchParams): StudyFilters {
  return {
    q: parameters.get("q") ?? "",
    state: oneOf(parameters.get("state"), STUDY_STATES),
    sex: oneOf(parameters.get("sex"), ["F", "M"] as const),
    cohort: parameters.get("cohort") || null,
    ageFromYears: years(parameters.get("age_from")),
    ageToYears: years(parameters.get("age_to")),
    has: oneOf(parameters.get("has"), HAS),
    labelling: oneOf(parameters.get("labelling"), LABELLING),
    reading: oneOf(parameters.get("reading"), READING),
    priority: oneOf(parameters.get("priority"), PRIORITIES),
    quality: oneOf(parameters.get("quality"), FINDINGS),
    labeller: parameters.get("labeller") || null,
    assignedTo: parameters.get("assigned_to") || null,
    order: oneOf(parameters.get("order"), ORDERS) ?? "-received_at",
  };
}

/** The address of a set of filters: only what differs from "everything, newest first". */
export function writeFilters(filters: StudyFilters): URLSearchParams {
  const parameters = new URLSearchParams();
  const written: Record<string, string | null> = {
    q: filters.q.trim() || null,
    state: filters.state,
    sex: filters.sex,
    cohort: filters.cohort,
    age_from: filters.ageFromYears === null ? null : String(filters.ageFromYears),
    age_to: filters.ageToYears === null ? null : String(filters.ageToYears),
    has: filters.has,
    labelling: filters.labelling,
    reading: filters.reading,
    priority: filters.priority,
    quality: filters.quality,
    labeller: filters.labeller,
    assigned_to: filters.assignedTo,
    order: filters.order === "-received_at" ? null : filters.order,
  };
  for (const [name, value] of Object.entries(written)) if (value) parameters.set(name, value);
  return parameters;
}

export function toQuery(filters: StudyFilters): Query {
  return {
    q: filters.q.trim() || null,
    state: filters.state,
    sex: filters.sex,
    cohort: filters.cohort,
    age_min_months: filters.ageFromYears === null ? null : filters.ageFromYears * 12,
    age_max_months: filters.ageToYears === null ? null : filters.ageToYears * 12,
    has: filters.has,
    labelling: filters.labelling,
    reading: filters.reading,
    priority: filters.priority,
    quality: filters.quality,
    labeller: filters.labeller,
    assigned_to: filters.assignedTo,
    order: filters.order,
  };
}

export function isFiltered(filters: StudyFilters): boolean {
  return writeFilters({ ...filters, order: "-received_at" }).size > 0;
}
