import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { call } from "./client";
import type { ModelVersion, Page } from "./types";

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

export function useActivateModel(id: string) {
  return useModelMove((reason: string) => call<ModelVersion>(`/models/${id}/activate`, { body: { reason } }));
}

export function useRetireModel(id: string) {
  return useModelMove((_: void) => call<ModelVersion>(`/models/${id}/retire`, { body: {} }));
}
