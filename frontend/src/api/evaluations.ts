import { keepPreviousData, queryOptions, useInfiniteQuery, useQuery, type QueryClient } from "@tanstack/react-query";

import { address, type Query } from "./address";
import { call } from "./client";
import { evaluationPath, figurePath, FIRST_FIGURES } from "./evaluationAddresses";
import type { ComparisonValues, Figure } from "./figures";
import type { Evaluation, EvaluationCase, EvaluationCaseDetail, EvaluationRow, Page } from "./types";

export function useEvaluations() {
  return useQuery({
    queryKey: ["evaluations"],
    queryFn: ({ signal }) => call<Page<EvaluationRow>>("/evaluations", { query: { limit: 100 }, signal }),
  });
}

const evaluationQuery = (id: string) =>
  queryOptions({
    queryKey: ["evaluations", id],
    queryFn: ({ signal }) => call<Evaluation>(evaluationPath(id), { signal }),
    staleTime: Infinity,
  });

const figureQuery = <Values>(id: string, name: string, query: Query) =>
  queryOptions({
    queryKey: ["evaluations", id, "figure", name, query],
    queryFn: ({ signal }) => call<Figure<Values>>(figurePath(id, name), { query, signal }),
    staleTime: Infinity,
  });

export const useEvaluation = (id: string) => useQuery(evaluationQuery(id));

/** A figure of a filter; while another filter is counted the last one stays on the page. */
export const useFigure = <Values>(id: string, name: string, query: Query) =>
  useQuery({ ...figureQuery<Values>(id, name, query), placeholderData: keepPreviousData });

/** Asks for what one came for while the page itself is still on its way. */
export function askForEvaluation(client: QueryClient, id: string, query: Query): void {
  void client.prefetchQuery(evaluationQuery(id));
  for (const name of FIRST_FIGURES) void client.prefetchQuery(figureQuery(id, name, query));
}

export function useComparison(id: string, other: string | null, query: Query) {
  return useQuery({
    queryKey: ["evaluations", id, "comparison", other, query],
    queryFn: ({ signal }) =>
      call<Figure<ComparisonValues>>(`/evaluations/${id}/comparison`, { query: { ...query, other }, signal }),
    enabled: other !== null,
    staleTime: Infinity,
  });
}

interface CasePage {
  results: EvaluationCase[];
  next: number | null;
  total: number;
}

/** Single cases. Each that is shown is remembered as seen: nobody reads it blind afterwards. */
export function useCases(id: string, query: Query) {
  return useInfiniteQuery({
    queryKey: ["evaluations", id, "cases", query],
    queryFn: ({ signal, pageParam }) =>
      call<CasePage>(`/evaluations/${id}/cases`, { query: { ...query, cursor: pageParam }, signal }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
  });
}

export function useCase(id: string, row: string, query: Query) {
  return useQuery({
    queryKey: ["evaluations", id, "case", row, query],
    queryFn: ({ signal }) => call<EvaluationCaseDetail>(`/evaluations/${id}/cases/${row}`, { query, signal }),
    placeholderData: keepPreviousData,
  });
}

export const figureCsv = (id: string, name: string, query: Query) => address(`${figurePath(id, name)}.csv`, query);
export const comparisonCsv = (id: string, other: string, query: Query) =>
  address(`/evaluations/${id}/comparison.csv`, { ...query, other });
export const casesCsv = (id: string, query: Query) => address(`/evaluations/${id}/cases.csv`, query);
export const reportPdf = (id: string, query: Query) => address(`/evaluations/${id}/report.pdf`, query);
export const modelCardPdf = (id: string, query: Query) => address(`/evaluations/${id}/model-card.pdf`, query);
