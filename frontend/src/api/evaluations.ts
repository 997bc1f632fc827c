import { useQuery } from "@tanstack/react-query";

import { call, address } from "./client";
import type { Evaluation, EvaluationRow, Page } from "./types";

export function useEvaluations() {
  return useQuery({
    queryKey: ["evaluations"],
    queryFn: ({ signal }) => call<Page<EvaluationRow>>("/evaluations", { query: { limit: 100 }, signal }),
  });
}

export function useEvaluation(id: string) {
  return useQuery({
    queryKey: ["evaluations", id],
    queryFn: ({ signal }) => call<Evaluation>(`/evaluations/${id}`, { signal }),
    staleTime: Infinity,
  });
}

export const evaluationCsv = (id: string) => address(`/evaluations/${id}/table.csv`);
