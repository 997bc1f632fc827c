/** The nouns of the interface, as the server sends them. Ages in months, times ISO 8601 in UTC, ids opaque. */
import type { components } from "../generated/schema";

export type Role = "labeller" | "reader" | "adjudicator" | "reviewer" | "researcher" | "administrator";
export const ROLES: readonly Role[] = [
  "labeller",
  "reader",
  "adjudicator",
  "reviewer",
  "researcher",
  "administrator",
];

export type Sex = "M" | "F";
export type Interval = [number, number];

export interface Person {
  id: string;
  username: string;
  display_name: string;
}

export interface SignedInPerson extends Person {
  roles: Role[];
  language: "en" | "zh-Hans";
}

export interface Session {
  user: SignedInPerson | null;
  site: { mode: string; version: string; demonstration: boolean };
}

export interface ManagedPerson extends Person {
  roles: Role[];
  is_active: boolean;
}

export interface Health {
  status: string;
  version: string;
  database: unknown;
  worker: { alive: boolean; last_seen_at: string | null };
  model: { active: string | null };
}

export interface Page<T> {
  results: T[];
  next: string | null;
  total: number | null;
}

export interface Reason {
  code: string;
  message: string;
  message_zh?: string;
}

export const FUNNEL_STEPS = [
  "received",
  "deidentified",
  "ready",
  "excluded",
  "rejected",
  "labelled",
  "reviewed",
  "read",
  "settled",
  "approved",
] as const;
export type FunnelStep = (typeof FUNNEL_STEPS)[number];

export interface Home {
  label?: { left: number; returned: { box_set: string; study: string; reason: string | null }[] };
  review?: { left: number };
  read?: { left: number };
  settle?: { left: number };
  approve?: { left: number };
  funnel?: Record<FunnelStep, number>;
}

type Schemas = components["schemas"];

/** What has become of a film; `id` names its arrival and, once it is taken in, its radiograph. */
export type Upload = Schemas["Upload"];

/** A film whose content is here already. */
export type KnownFilm = Schemas["KnownContent"];

export type Door = Schemas["DoorEnum"];
export const DOORS: readonly Door[] = ["upload", "folder", "c_store", "stow", "command"];
export type IntakeResult = Schemas["RecordedResultEnum"];
export const INTAKE_RESULTS: readonly IntakeResult[] = ["received", "duplicate", "blocked", "rejected"];

/** The gate now, and what came through each door in the last seven days. */
export type Intake = Schemas["Intake"];
export type IntakeRecord = Schemas["IntakeRecord"];

/** How a film is shown at first: mirrored left to right, then turned clockwise, so that it stands upright as a left hand. */
export type ViewTransform = Schemas["View"];

export type BlockedRow = Schemas["BlockedRow"];
/** A film that waits because writing was found on it; what is written there is never kept. */
export type BlockedFilm = Schemas["BlockedFilm"];

export type StudyState = "received" | "deidentified" | "ready" | "excluded" | "rejected";
export const STUDY_STATES: readonly StudyState[] = ["received", "deidentified", "ready", "excluded", "rejected"];
export type Labelling = "none" | "draft" | "submitted" | "returned" | "accepted";
export type Reading = "none" | "open" | "agreed" | "adjudicating" | "settled" | "approved";
export type Severity = "info" | "warning" | "blocking";

export interface QualityMark {
  code: string;
  severity: Severity;
}

export interface QualityFinding extends QualityMark {
  value: number | null;
  threshold: number | null;
  message_en: string;
  message_zh: string;
}

export interface StudyRow {
  id: string;
  pseudonym: string;
  state: StudyState;
  reason: Reason | null;
  sex: Sex | null;
  sex_source: string | null;
  chronological_age_months: number | null;
  laterality: "L" | "R" | null;
  synthetic: boolean;
  received_at: string;
  cohort: { id: string; name: string } | null;
  radiograph: string | null;
  thumbnail_url: string | null;
  quality: QualityMark[];
  labelling: Labelling;
  reading: Reading | null;
  prediction: { bone_age_months: number | null; interval_months: Interval | null; model: string } | null;
  blinded: boolean;
}

export interface Radiograph {
  id: string;
  rows: number;
  columns: number;
  pixels_url: string;
  thumbnail_url: string | null;
  window: Schemas["Window"];
  /** Windows of the header, the first is the default. */
  windows: Schemas["Window"][];
  view: ViewTransform;
  pixel_spacing_mm: [number, number] | null;
  spacing_kind: "pixel" | "imager" | null;
  quality: QualityFinding[];
}

export interface Study extends StudyRow {
  radiographs: Radiograph[];
  can: string[];
}

export interface StudyEvent {
  at: string;
  noun: string;
  who: Person | string | null;
  verb: string;
  old: string | null;
  new: string | null;
  reason: string | null;
}

/** A rectangle in image pixels; origin at the outer corner of the top-left pixel. */
export interface Rectangle {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

export interface ScoredRegionBox extends Rectangle {
  region: string;
  score: number;
}

export interface SdsRow {
  table: string;
  name_en: string;
  name_zh: string;
  sd_months: number | null;
  sds: number | null;
  class: string | null;
}

export interface ResultModel {
  id: string;
  label: string;
  hash: string;
  trained_on: TrainedOn | string | null;
  synthetic: boolean;
}

export interface StudyResult {
  study: StudyRow;
  radiograph: Radiograph | null;
  status: "none" | "preliminary" | "refused";
  prediction: {
    bone_age_months: number | null;
    interval_months: Interval | null;
    interval_coverage: number | null;
    boxes: ScoredRegionBox[];
    missing_regions: string[];
    sex: Sex | null;
    sex_source: string | null;
    inputs_used: string[];
    /** Sex or age were stated after it was made. */
    outdated: boolean;
    model: ResultModel;
    created_at: string;
    error: { code: string; message: string } | null;
  } | null;
  chronological_age_months: number | null;
  difference_months: number | null;
  sds: SdsRow[];
  quality: QualityFinding[];
  truth: { bone_age_months: number; origin: string; approved_at: string | null } | null;
  runs: Run[];
  research_use_only: true;
}

export interface TrainedOn {
  name: string;
  synthetic: boolean;
  n: number | null;
}

export type RegionState = "missing" | "boxed" | "absent";
export type AbsentReason = "cut_off" | "amputated" | "overlapped" | "cast_or_metal" | "not_visible";
export type BoxOrigin = "drawn" | "proposal" | "template";

export interface RegionAttributes {
  centre_not_visible: boolean;
  occluded: boolean;
  difficult: boolean;
}

export interface RegionBox {
  region: string;
  state: RegionState;
  x0: number | null;
  y0: number | null;
  x1: number | null;
  y1: number | null;
  absent_reason: AbsentReason | null;
  attributes: RegionAttributes;
  origin: BoxOrigin | null;
  revision: number;
}

export interface BoxSet {
  id: string;
  study: StudyRow;
  radiograph: Radiograph;
  status: "proposed" | "draft" | "submitted" | "accepted" | "returned";
  version: number;
  author: Person | null;
  source: "person" | "model";
  parent: string | null;
  return_reason: string | null;
  comments: { region: string; text: string; author: Person; at: string }[];
  regions: RegionBox[];
  proposals: ScoredRegionBox[];
  warnings: { code: string; regions: string[] }[];
  can: string[];
}

export interface BoxOperation {
  id: string;
  seq: number;
  kind: "set" | "absent" | "clear";
  region: string;
  base_revision: number;
  box: Rectangle | null;
  attributes: RegionAttributes | null;
  absent_reason: AbsentReason | null;
  origin: BoxOrigin | null;
  made_at: string;
}

export interface OperationsSaved {
  acknowledged: { id: string; region: string; revision: number }[];
  conflicts: { id: string; region: string; current: RegionBox }[];
  saved_at: string;
}

export interface ReadingRoom {
  token: string;
  status: "assigned" | "submitted" | "unreadable";
  sex: Sex | null;
  synthetic: boolean;
  radiograph: {
    rows: number;
    columns: number;
    pixels_url: string;
    window: Schemas["Window"];
    windows: Schemas["Window"][];
    view: ViewTransform;
  };
  protocol: { method: string; edition: string };
  standards_months: number[];
  read: null | {
    bone_age_months: number;
    plate_months: number | null;
    version: number;
    submitted_at: string;
    after_age_seen: boolean;
  };
  revealed: null | { chronological_age_months: number };
}

export interface ConsensusRow {
  id: string;
  study: string;
  pseudonym: string;
  radiograph: string;
  thumbnail_url: string | null;
  sex: Sex | null;
  status: "open" | "agreed" | "adjudicating" | "settled" | "approved";
  reads: { label: string; bone_age_months: number; plate_months: number | null }[];
  difference_months: number | null;
  bone_age_months: number | null;
  origin: string | null;
  reason: string | null;
  can: string[];
  synthetic: boolean;
}

export interface Consensus extends ConsensusRow {
  radiograph_detail: Radiograph;
}

export interface Cohort {
  id: string;
  name: string;
  studies: number;
}

export interface Protocol {
  readers_required: number;
  tolerance_months: number;
  show_chronological_age: boolean;
  version: number;
  method: string;
  edition: string;
  repeat_share: number;
}

export type RunKind = "infer" | "train" | "evaluate" | "snapshot" | "demonstration";
export type RunStatus = "queued" | "running" | "succeeded" | "failed" | "cancelled";

export interface CurvePoint {
  step: number;
  phase?: string;
  loss?: number | null;
  [measure: string]: number | string | null | undefined;
}

export interface Run {
  id: string;
  kind: RunKind;
  status: RunStatus;
  parameters: Record<string, unknown>;
  phase: string | null;
  done: number | null;
  total: number | null;
  note: string | null;
  percent: number | null;
  attempt: number;
  cancel_requested: boolean;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  requested_by: Person | string | null;
  error: { code: string; message: string } | null;
  outcome: Record<string, unknown> | null;
  curve: CurvePoint[];
  eta_seconds: number | null;
}

export interface Snapshot {
  id: string;
  name: string;
  hash: string;
  cohort: string | null;
  synthetic: boolean;
  test_locked: boolean;
  counts: Record<string, unknown>;
  split: Record<string, unknown>;
  manifest: Record<string, unknown>;
  /** How often its test part has been asked. */
  evaluations_so_far: number;
  run: string | null;
  created_at: string;
}

export type ModelStatus = "candidate" | "active" | "retired";

export interface ModelVersion {
  id: string;
  label: string;
  hash: string;
  status: ModelStatus;
  kind: string;
  preset: string | null;
  created_at: string;
  trained_on: TrainedOn | null;
  metrics: Record<string, unknown> | null;
  inputs: string[];
  licence: unknown;
  manifest: Record<string, unknown> | null;
}

export interface ErrorMeasures {
  n: number;
  mae_months: number;
  mae_interval_months: Interval | null;
  bias_months: number;
  rmse_months: number;
}

export interface Table3Row {
  band: string;
  from_years: number | null;
  to_years: number | null;
  female: ErrorMeasures | null;
  male: ErrorMeasures | null;
  total: ErrorMeasures | null;
}

export interface EvaluationCase {
  id: string;
  sex: Sex;
  truth_months: number;
  predicted_months: number;
  chronological_age_months: number | null;
  interval_months: Interval | null;
  study: string | null;
}

export type BandBy = "bone_age" | "chronological_age";

export interface EvaluationReport {
  n: number;
  synthetic: boolean;
  band_by: BandBy;
  overall: ErrorMeasures;
  by_sex: { M: ErrorMeasures | null; F: ErrorMeasures | null };
  table3: Table3Row[];
  cases: EvaluationCase[];
  bland_altman: { bias: number; lower: number; upper: number; slope: number | null } | null;
  within: Record<string, number>;
}

export interface Evaluation {
  id: string;
  created_at: string;
  model: { id: string; label: string; hash?: string; trained_on?: TrainedOn | null; synthetic?: boolean };
  population: {
    kind: "cohort" | "snapshot";
    name: string | null;
    split: string | null;
    synthetic: boolean;
    locked: boolean;
    evaluations_so_far: number | null;
  };
  truth: string;
  /** Why films of the population are not in the figures, and how many. */
  left_out: Record<string, number>;
  overall: ErrorMeasures;
  report: EvaluationReport;
}

export type EvaluationRow = Omit<Evaluation, "report">;
