import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { call } from "./client";
import type { ModelVersion, Page, StatedItems } from "./types";

export function useModels() {
  return useQuery({
    queryKey: ["models"],
    queryFn: ({ signal }) => call<Page<ModelVersion>>("/models", { query: { limit: 100 }, signal }),
  });
}

export function useModel(id: string) {
  return useQuery({
    queryKey: ["models", id],
    queryFn: ({ signal }) => call<ModelVersion>(`/models/${id}`, { signal }),
  });
}

function useModelMove<V>(move: (value: V) => Promise<ModelVersion>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: move,
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["models"] }),
        client.invalidateQueries({ queryKey: ["health"] }),
      ]),
  });
}

/** What people state of a model for its card. */
export function useModelStatements(id: string) {
  return useQuery({
    queryKey: ["models", id, "statements"],
    queryFn: ({ signal }) => call<StatedItems>(`/models/${id}/statements`, { signal }),
  });
}

export function useStateItem(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (statement: { item: string; text: string }) =>
      call<StatedItems>(`/models/${id}/statements`, { body: statement }),
    onSuccess: (items) => client.setQueryData(["models", id, "statements"], items),
  });
}

export function useActivateModel(id: string) {
  return useModelMove((reason: string) => call<ModelVersion>(`/models/${id}/activate`, { body: { reason } }));
}

export function useRetireModel(id: string) {
  return useModelMove((_: void) => call<ModelVersion>(`/models/${id}/retire`, { body: {} }));
}
