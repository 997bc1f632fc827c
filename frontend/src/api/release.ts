import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { call } from "./client";
import type { ModelRelease, Yardstick } from "./types";

/** What the release gate says of a model, and every time that it was put to use. */
export function useModelRelease(id: string, enabled = true) {
  return useQuery({
    queryKey: ["models", id, "release"],
    queryFn: ({ signal }) => call<ModelRelease>(`/models/${id}/release`, { signal }),
    enabled,
  });
}

export interface NewYardstick {
  snapshot: string;
  split: Yardstick["split"];
  reason: string;
}

export function useSetYardstick() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (films: NewYardstick) => call<{ yardstick: Yardstick }>("/yardstick", { body: films }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["models"] }),
  });
}
