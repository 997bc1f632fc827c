import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { address } from "./address";
import { call } from "./client";
import type { Basis, Deliveries, Page, Opening, Reference, Run, StudyResult, Calibration } from "./types";

function useChange<V, R>(keys: readonly (readonly string[])[], change: (value: V) => Promise<R>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}

export interface Signature {
  basis: Basis;
  bone_age_months: number;
  reference: string;
  based_on_version: number | null;
  height: number | null;
  identity_checked: boolean;
  reason: string;
}

export function useSign(study: string) {
  return useChange([["study", study]], (signature: Signature) =>
    call<StudyResult>(`/studies/${study}/result/sign`, { body: signature }),
  );
}

export interface NewHeight {
  height_cm: number | null;
  days_from_film: number | null;
  based_on: number | null;
  reason: string;
}

export function useStateHeight(study: string) {
  return useChange([["study", study]], (height: NewHeight) =>
    call<StudyResult>(`/studies/${study}/result/height`, { body: height }),
  );
}

export function useExamine(study: string) {
  return useChange([["study", study]], () => call<Run>(`/studies/${study}/examine`, { body: {} }));
}

export type ReportForm = "txt" | "pdf" | "csv" | "fhir";

export const reportAddress = (study: string, form: ReportForm, language: string): string =>
  address(`/studies/${study}/result/report.${form}`, { language });

export const reportText = (study: string, language: string) =>
  call<{ text: string }>(`/studies/${study}/result/report.txt`, { query: { language } });

const ON_THE_WAY_MS = 4_000;

export function useDeliveries(study: string) {
  return useQuery({
    queryKey: ["study", study, "deliveries"],
    queryFn: ({ signal }) => call<Deliveries>(`/studies/${study}/deliveries`, { signal }),
    refetchInterval: (query) =>
      query.state.data?.deliveries.some((one) => one.state === "queued" || one.state === "sending") ? ON_THE_WAY_MS : false,
  });
}

export function useSend(study: string) {
  return useChange([["study", study, "deliveries"]], () => call<Deliveries>(`/studies/${study}/deliveries`, { body: {} }));
}

export function useRetryDelivery(study: string) {
  return useChange([["study", study, "deliveries"]], (delivery: string) =>
    call<Deliveries>(`/deliveries/${delivery}/retry`, { body: {} }),
  );
}

export function useReferences() {
  return useQuery({ queryKey: ["references"], queryFn: ({ signal }) => call<Reference[]>("/references", { signal }) });
}

export interface NewReference {
  name_en: string;
  name_zh: string;
  source: string;
  population: string;
  table: string;
}

export function useLoadReference() {
  return useChange([["references"]], (reference: NewReference) => call<Reference[]>("/references", { body: reference }));
}

export function useRetireReference() {
  return useChange([["references"]], (row: string) => call<Reference[]>(`/references/${row}/retire`, { body: {} }));
}

export function useNameFirst() {
  return useChange([["references"]], (table: string) => call<Reference[]>("/references/named-first", { body: { table } }));
}

export function useCalibrations(model: string, enabled: boolean) {
  return useQuery({
    queryKey: ["calibrations", model],
    queryFn: ({ signal }) => call<Calibration[]>("/calibrations", { query: { model }, signal }),
    enabled,
  });
}

export function useFitCalibration(model: string) {
  return useChange([["calibrations", model]], () => call<Calibration>("/calibrations", { body: { model } }));
}

export function useActivateCalibration(model: string) {
  return useChange([["calibrations", model]], ({ id, reason }: { id: string; reason: string }) =>
    call<Calibration>(`/calibrations/${id}/activate`, { body: { reason } }),
  );
}

export function useRetireCalibration(model: string) {
  return useChange([["calibrations", model]], (id: string) => call<Calibration>(`/calibrations/${id}/retire`, { body: {} }));
}

export function useOpenings(cursor: string | null) {
  return useQuery({
    queryKey: ["openings", cursor],
    queryFn: ({ signal }) => call<Page<Opening>>("/openings", { query: { cursor }, signal }),
  });
}

export const openingsFile = (): string => address("/openings.csv");
