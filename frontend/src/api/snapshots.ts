import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { call } from "./client";
import type { Cohort, Page, Run, Snapshot, SnapshotContents, SnapshotDifferences } from "./types";

export function useSnapshots() {
  return useQuery({
    queryKey: ["snapshots"],
    queryFn: ({ signal }) => call<Page<Snapshot>>("/snapshots", { query: { limit: 100 }, signal }),
  });
}

export function useSnapshot(id: string) {
  return useQuery({
    queryKey: ["snapshots", id],
    queryFn: ({ signal }) => call<Snapshot>(`/snapshots/${id}`, { signal }),
  });
}

/** A snapshot never changes: what was counted once stays. */
const FROZEN = { staleTime: Infinity };

export function useSnapshotContents(id: string) {
  return useQuery({
    queryKey: ["snapshots", id, "contents"],
    queryFn: ({ signal }) => call<SnapshotContents>(`/snapshots/${id}/contents`, { signal }),
    ...FROZEN,
  });
}

export function useSnapshotDifferences(id: string, other: string) {
  return useQuery({
    queryKey: ["snapshots", id, "differences", other],
    queryFn: ({ signal }) => call<SnapshotDifferences>(`/snapshots/${id}/differences`, { query: { other }, signal }),
    ...FROZEN,
  });
}

export interface NewSnapshot {
  name: string;
  cohort: string | null;
  test_share: number;
  validation_share: number;
  seed: number;
  split_kind: "patient";
  test_locked: boolean;
}

export function useCreateSnapshot() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (snapshot: NewSnapshot) => call<Run>("/snapshots", { body: snapshot }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["snapshots"] }),
  });
}

export function useCohorts() {
  return useQuery({
    queryKey: ["cohorts"],
    queryFn: ({ signal }) => call<Page<Cohort>>("/cohorts", { query: { limit: 100 }, signal }),
  });
}

export function useCreateCohort() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => call<Cohort>("/cohorts", { body: { name } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["cohorts"] }),
  });
}
