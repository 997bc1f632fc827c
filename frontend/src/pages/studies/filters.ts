import type { Query } from "../../api/client";
import { STUDY_STATES, type Sex, type StudyState } from "../../api/types";

export const HAS = ["labelled", "read", "approved", "predicted"] as const;
export type Has = (typeof HAS)[number];
export const ORDERS = ["-received_at", "received_at"] as const;
export type Order = (typeof ORDERS)[number];

/** What the studies table is narrowed down to. Ages in years here and in the address, months for the server. */
export interface StudyFilters {
  q: string;
  state: StudyState | null;
  sex: Sex | null;
  cohort: string | null;
  ageFromYears: number | null;
  ageToYears: number | null;
  has: Has | null;
  order: Order;
}

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
    order: oneOf(parameters.get("order"), ORDERS) ?? "-received_at",
  };
}

/** The address of a set of filters: only what differs from "everything, newest first". */
export function writeFilters(filters: StudyFilters): URLSearchParams {
  const parameters = new URLSearchParams();
  if (filters.q.trim()) parameters.set("q", filters.q.trim());
  if (filters.state) parameters.set("state", filters.state);
  if (filters.sex) parameters.set("sex", filters.sex);
  if (filters.cohort) parameters.set("cohort", filters.cohort);
  if (filters.ageFromYears !== null) parameters.set("age_from", String(filters.ageFromYears));
  if (filters.ageToYears !== null) parameters.set("age_to", String(filters.ageToYears));
  if (filters.has) parameters.set("has", filters.has);
  if (filters.order !== "-received_at") parameters.set("order", filters.order);
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
    order: filters.order,
  };
}

export function isFiltered(filters: StudyFilters): boolean {
  return writeFilters({ ...filters, order: "-received_at" }).size > 0;
}
