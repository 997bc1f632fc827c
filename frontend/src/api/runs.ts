import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import type { Query } from "./address";
import { call, callText } from "./client";
import type { BandBy, Preset, Run, RunPage, RunStatus } from "./types";

const ACTIVE_POLL_MS = 1_500;

export function isActive(status: RunStatus): boolean {
  return status === "queued" || status === "running";
}

export function useRuns(filters: Query) {
  return useInfiniteQuery({
    queryKey: ["runs", filters],
    queryFn: ({ pageParam, signal }) =>
      call<RunPage>("/runs", { query: { ...filters, limit: 30, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    refetchInterval: (query) =>
      query.state.data?.pages.some((page) => page.results.some((run) => isActive(run.status))) ? 2_000 : 15_000,
  });
}

export function useRun(id: string) {
  return useQuery({
    queryKey: ["run", id],
    queryFn: ({ signal }) => call<Run>(`/runs/${id}`, { signal }),
    refetchInterval: (query) => {
      const run = query.state.data;
      return run === undefined || isActive(run.status) ? ACTIVE_POLL_MS : false;
    },
  });
}

export function useRunLog(id: string, active: boolean) {
  return useQuery({
    queryKey: ["run", id, "log", active],
    queryFn: ({ signal }) => callText(`/runs/${id}/log`, { signal }),
    refetchInterval: active ? 2_000 : false,
    placeholderData: keepPreviousData,
  });
}

function useRunMove<V>(id: string, move: (value: V) => Promise<Run>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: move,
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["run", id] }),
        client.invalidateQueries({ queryKey: ["runs"] }),
      ]),
  });
}

export function useCancelRun(id: string) {
  return useRunMove(id, (wholeBatch: boolean) =>
    call<Run>(`/runs/${id}/cancel`, { body: { whole_batch: wholeBatch } }),
  );
}

/** A failed or cancelled run goes on from where it stopped. */
export function useResumeRun(id: string) {
  return useRunMove(id, (_: void) => call<Run>(`/runs/${id}/resume`, { body: {} }));
}

/** What a training may be begun with; it changes with the program only. */
export function usePresets() {
  return useQuery({
    queryKey: ["presets"],
    queryFn: ({ signal }) => call<{ results: Preset[] }>("/presets", { signal }),
    staleTime: Infinity,
  });
}

export type NewRun =
  | { kind: "train"; parameters: { snapshot: string; preset: string; overrides: Record<string, unknown> } }
  | { kind: "infer"; parameters: { model: string; cohort: string | null } }
  | {
      kind: "evaluate";
      parameters: {
        model: string;
        cohort: string | null;
        snapshot: string | null;
        split: string | null;
        band_by: BandBy;
      };
    };

export function useStartRun() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (run: NewRun) => call<Run>("/runs", { body: run }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["runs"] }),
  });
}
