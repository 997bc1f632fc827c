import { useQuery } from "@tanstack/react-query";

import { call } from "./client";
import type { Home } from "./types";

export function useHome() {
  return useQuery({
    queryKey: ["home"],
    queryFn: ({ signal }) => call<Home>("/home", { signal }),
    refetchInterval: 30_000,
  });
}
