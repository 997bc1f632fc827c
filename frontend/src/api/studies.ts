import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type Query as CachedQuery,
} from "@tanstack/react-query";

import type { Query } from "./address";
import { call } from "./client";
import type { BoxSet, BoxSetEffort, Page, Run, Sex, Study, StudyEvent, StudyResult, StudyRow } from "./types";

const PAGE_SIZE = 50;

/** The studies in keyset pages: "load more" asks for what follows the last row. */
export function useStudies(filters: Query) {
  return useInfiniteQuery({
    queryKey: ["studies", filters],
    queryFn: ({ pageParam, signal }) =>
      call<Page<StudyRow>>("/studies", { query: { ...filters, limit: PAGE_SIZE, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    refetchInterval: (query) =>
      query.state.data?.pages.some((page) => page.results.some((row) => isOnItsWay(row, Date.now()))) ? 3_000 : false,
  });
}

const SOON_MS = 3 * 60_000;

/** Whether a film has just come in and its result may still follow by itself. */
export function isOnItsWay(row: StudyRow, nowMs: number): boolean {
  if (row.blinded || row.prediction || nowMs - new Date(row.received_at).getTime() > SOON_MS) return false;
  return row.state !== "excluded" && row.state !== "rejected";
}

export function useStudySearch(text: string) {
  return useQuery({
    queryKey: ["studies", "search", text],
    queryFn: ({ signal }) => call<Page<StudyRow>>("/studies", { query: { q: text, limit: 6 }, signal }),
    enabled: text.trim().length > 1,
    placeholderData: keepPreviousData,
  });
}

export function useStudy(id: string) {
  return useQuery({ queryKey: ["study", id], queryFn: ({ signal }) => call<Study>(`/studies/${id}`, { signal }) });
}

export function useStudyEvents(id: string) {
  return useQuery({
    queryKey: ["study", id, "events"],
    queryFn: ({ signal }) => call<StudyEvent[]>(`/studies/${id}/events`, { signal }),
  });
}

export function useStudyEffort(id: string) {
  return useQuery({
    queryKey: ["study", id, "effort"],
    queryFn: ({ signal }) => call<BoxSetEffort[]>(`/studies/${id}/effort`, { signal }),
  });
}

/** Asking for a result is recorded as an exposure: only the result tab may call this. */
export function useStudyResult(id: string, options: { enabled: boolean; refetchInterval: (query: CachedQuery<StudyResult>) => number | false }) {
  return useQuery({
    queryKey: ["study", id, "result"],
    queryFn: ({ signal }) => call<StudyResult>(`/studies/${id}/result`, { signal }),
    enabled: options.enabled,
    refetchInterval: options.refetchInterval,
  });
}

function useStudyChange<V, R>(id: string, change: (value: V) => Promise<R>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      await Promise.all([
        client.invalidateQueries({ queryKey: ["study", id] }),
        client.invalidateQueries({ queryKey: ["studies"] }),
      ]);
    },
  });
}

export interface Facts {
  sex?: Sex;
  chronological_age_months?: number;
}

export function useStateFacts(id: string) {
  return useStudyChange(id, (facts: Facts) => call<unknown>(`/studies/${id}/facts`, { body: facts }));
}

export function usePredict(id: string) {
  return useStudyChange(id, () => call<Run>(`/studies/${id}/predict`, { body: {} }));
}

export function useExclude(id: string) {
  return useStudyChange(id, (reason: string) => call<unknown>(`/studies/${id}/exclude`, { body: { reason } }));
}

export function useRestore(id: string) {
  return useStudyChange(id, () => call<unknown>(`/studies/${id}/restore`, { body: {} }));
}

/** My draft on this radiograph: opened, or made. */
export const openBoxSet = (radiograph: string) =>
  call<BoxSet>(`/radiographs/${radiograph}/box-sets`, { method: "POST", body: {} });
