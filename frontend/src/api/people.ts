import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { call } from "./client";
import type { ManagedPerson, Page, Protocol, Role } from "./types";

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

export function useProtocol() {
  return useQuery({ queryKey: ["protocol"], queryFn: ({ signal }) => call<Protocol>("/protocol", { signal }) });
}

export function useSaveProtocol() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (protocol: Partial<Protocol>) => call<Protocol>("/protocol", { method: "PATCH", body: protocol }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["protocol"] }),
  });
}
