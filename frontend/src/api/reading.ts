/** The reading room: one film behind an opaque token, one locked answer. */
import { queryOptions, useQuery } from "@tanstack/react-query";

import { call } from "./client";
import type { ReadingRoom } from "./types";

export const readingQuery = (token: string) =>
  queryOptions({
    queryKey: ["reading", token],
    queryFn: ({ signal }) => call<ReadingRoom>(`/reading/${token}`, { signal }),
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });

export const useReading = (token: string) => useQuery(readingQuery(token));

export interface BoneAgeAnswer {
  readonly bone_age_months: number;
  /** The Greulich-Pyle plate that was chosen; null: an age between the plates. */
  readonly plate_months: number | null;
}

const post = (token: string, verb: string, body: unknown) =>
  call<ReadingRoom>(`/reading/${token}/${verb}`, { method: "POST", body });

export const lockReading = (token: string, answer: BoneAgeAnswer) => post(token, "submit", answer);

export const cannotRead = (token: string, reason: string) => post(token, "unreadable", { reason });

export const amendReading = (token: string, answer: BoneAgeAnswer, reason: string) =>
  post(token, "amend", { ...answer, reason });

export const readNext = () => call<{ token: string } | null>("/read/next", { method: "POST", body: {} });
