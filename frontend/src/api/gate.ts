/** The gate: what comes in through its doors, and the films that wait because writing was found on them. */
import { keepPreviousData, queryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";

import type { Box } from "../core/boxes";
import type { Query } from "./address";
import { call } from "./client";
import type { BlockedFilm, BlockedRow, Intake, IntakeRecord, Page, Upload } from "./types";

const BUSY_MS = 3_000;
const CALM_MS = 20_000;

export function useIntake() {
  return useQuery({
    queryKey: ["intake"],
    queryFn: ({ signal }) => call<Intake>("/intake", { signal }),
    refetchInterval: (query) => (query.state.data?.waiting ? BUSY_MS : CALM_MS),
  });
}

/** Everything that came in, newest first. */
export function useIntakeRecords(filters: Query) {
  return useInfiniteQuery({
    queryKey: ["intake", "records", filters],
    queryFn: ({ pageParam, signal }) =>
      call<Omit<Page<IntakeRecord>, "total">>("/intake/records", { query: { ...filters, limit: 50, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (query.state.data && query.state.data.pages.length > 1 ? false : CALM_MS),
  });
}

export function useBlockedList() {
  return useInfiniteQuery({
    queryKey: ["blocked", "list"],
    queryFn: ({ pageParam, signal }) => call<Page<BlockedRow>>("/blocked", { query: { limit: 50, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}

export const blockedQuery = (id: string) =>
  queryOptions({
    queryKey: ["blocked", "film", id],
    queryFn: ({ signal }) => call<BlockedFilm>(`/blocked/${id}`, { signal }),
    // Under somebody's hand: it changes only with their own decision.
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });

export const useBlockedFilm = (id: string) => useQuery(blockedQuery(id));

/** Blanks the rectangles (pixels of the picture) and lets the film in, unless writing is still found and `noWriting` is not said. */
export const releaseBlocked = (id: string, rectangles: readonly Box[], noWriting: boolean) =>
  call<Upload>(`/blocked/${id}/release`, { body: { rectangles, no_writing: noWriting } });

export const refuseBlocked = (id: string, reason: string) => call<Upload>(`/blocked/${id}/refuse`, { body: { reason } });

/** The blocked film that comes after this one, in the order of the list; null when there is no other. */
export async function blockedAfter(id: string): Promise<string | null> {
  const { results } = await call<Page<BlockedRow>>("/blocked", { query: { limit: 100 } });
  const at = results.findIndex((row) => row.id === id);
  const others = [...results.slice(at + 1), ...results.slice(0, Math.max(0, at))];
  return others[0]?.id ?? null;
}
