import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { call } from "./client";
import type { Cohort, ManagedPerson, Page, Protocol, ProtocolVersion, Role } from "./types";

export function usePeople() {
  return useQuery({
    queryKey: ["people"],
    queryFn: ({ signal }) => call<Page<ManagedPerson>>("/people", { query: { limit: 200 }, signal }),
  });
}

export interface PersonEdit {
  username?: string;
  display_name?: string;
  roles?: Role[];
  is_active?: boolean;
  password?: string;
}

/** A new person without an id; a change with one. */
export function useSavePerson(id: string | null) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (person: PersonEdit) =>
      id === null
        ? call<ManagedPerson>("/people", { body: person })
        : call<ManagedPerson>(`/people/${id}`, { method: "PATCH", body: person }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["people"] }),
  });
}

export function useResetPassword(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call<{ password: string }>(`/people/${id}/reset-password`, { body: {} }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["people"] }),
  });
}

/** Where a protocol lies: everybody's (null), or a cohort's own. */
const protocolPath = (cohort: string | null) => (cohort ? `/cohorts/${cohort}/protocol` : "/protocol");

export function useProtocolVersions() {
  return useQuery({
    queryKey: ["protocol", "versions"],
    queryFn: ({ signal }) => call<ProtocolVersion[]>("/protocol/versions", { signal }),
  });
}

/** The cohort follows the protocol for everybody again. */
export function useEndProtocol(cohort: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call<Protocol>(protocolPath(cohort), { method: "DELETE", body: {} }),
    onSuccess: () => Promise.all([client.invalidateQueries({ queryKey: ["protocol"] }), client.invalidateQueries({ queryKey: ["cohorts"] })]),
  });
}

export function useRenameCohort(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => call<Cohort>(`/cohorts/${id}`, { method: "PATCH", body: { name } }),
    onSuccess: () => Promise.all([client.invalidateQueries({ queryKey: ["cohorts"] }), client.invalidateQueries({ queryKey: ["studies"] })]),
  });
}

export function useProtocol(cohort: string | null = null) {
  return useQuery({
    queryKey: ["protocol", cohort],
    queryFn: ({ signal }) => call<Protocol>(protocolPath(cohort), { signal }),
  });
}

export type ProtocolEdit = Partial<Omit<Protocol, "cohort" | "version">> & { reason?: string };

export function useSaveProtocol(cohort: string | null = null) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (protocol: ProtocolEdit) => call<Protocol>(protocolPath(cohort), { method: "PATCH", body: protocol }),
    onSuccess: () => Promise.all([client.invalidateQueries({ queryKey: ["protocol"] }), client.invalidateQueries({ queryKey: ["cohorts"] })]),
  });
}
