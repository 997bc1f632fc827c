/** What the figures of an evaluation say (`inference/statistics/figures`). Ages in months. */
import type { ErrorMeasures, Interval } from "./types";

export type Cell = string | number | boolean | null;

export interface Figure<Values> {
  figure: string;
  values: Values;
  columns: string[];
  rows: Cell[][];
}

export interface Estimate {
  value: number | null;
  interval: Interval | null;
}

export interface HeadlineValues {
  n: number;
  children: number;
  refused: Record<string, number>;
  overall: ErrorMeasures | null;
  by_sex: { F: ErrorMeasures | null; M: ErrorMeasures | null };
  within: { limit_months: number; n: number; share: number; interval: Interval | null }[];
  agreement: Record<"lower_months" | "upper_months" | "slope" | "icc_2_1" | "ccc", Estimate> | null;
  reader_noise: { readers: number; sd_months: number | null }[];
}

export interface BandRow {
  band: string;
  from_years: number | null;
  to_years: number | null;
}

export interface Table3Row extends BandRow {
  female: ErrorMeasures | null;
  male: ErrorMeasures | null;
  total: ErrorMeasures | null;
}

export interface Table3Values {
  rows: Table3Row[];
  all: { female: ErrorMeasures | null; male: ErrorMeasures | null; total: ErrorMeasures | null };
  unbanded: number;
  few: number;
}

export interface PointsValues {
  n: number;
  /** Cells [x, y, n] named by their middle, where there are too many points to draw each. */
  density: [number, number, number][] | null;
  cell_months: number;
  points: { row: number[]; x: number[]; y: number[]; sex: number[] };
  bias_months?: Estimate | null;
  agreement?: HeadlineValues["agreement"];
}

export interface CalibrationValues {
  rows: { predicted_months: number; truth_months: number; truth_interval_months: Interval | null; n: number }[];
  line: { slope: Estimate; intercept_months: Estimate } | null;
  held: { n: number; share: number; median_width_months: number } | null;
}

export interface GapValues {
  rows: { from_months: number | null; to_months: number | null; measures: ErrorMeasures | null }[];
  without_age: number;
}

export interface ClassValues {
  sd_table: string;
  n: number;
  without_reference: number;
  changed: number;
  share: number | null;
  interval: Interval | null;
  counts: number[][];
  classes: string[];
}

export interface SubgroupValues {
  rows: { by: string; group: string; measures: ErrorMeasures | null }[];
  few: number;
}

export interface RejectedValues {
  rows: { rejected: string; measures: ErrorMeasures | null; refused: number; refusals: Record<string, number> }[];
  reasons: Record<string, number>;
}

export interface AgeInputValues {
  rows: { answer: string; measures: ErrorMeasures | null }[];
  left_out: number;
  model_uses_age: boolean;
}

export interface NeedValues {
  rows: (BandRow & {
    sex: "female" | "male";
    n: number;
    spread_months: number | null;
    borrowed: boolean;
    half_width_months: number | null;
    needed: number | null;
    missing: number | null;
  })[];
  wanted_half_width_months: number;
  few: number;
}

export interface Table1Values {
  parts: string[];
  n: number;
  band_by: string;
  rows: (BandRow & { parts: Record<string, { F: number; M: number }> })[];
  left_out: Record<string, number>;
}

export interface MethodRow {
  kind: "ours" | "baseline" | "literature";
  reference: string;
  year: number;
  method: string;
  n: number;
  mae_years: number;
  mae_low_years: number | null;
  mae_high_years: number | null;
  evaluation?: string;
}

export interface Table2Values {
  rows: MethodRow[];
  source: string;
}

export interface ComparisonRow {
  band: string;
  group: "total" | "female" | "male";
  n: number;
  first_mae: number | null;
  second_mae: number | null;
  difference: number | null;
  difference_low: number | null;
  difference_high: number | null;
}

export interface ComparisonValues {
  rows: ComparisonRow[];
  n: number;
  only_first: number;
  only_second: number;
  first: ErrorMeasures | null;
  second: ErrorMeasures | null;
  second_nearer: number | null;
  few: number;
}

export interface DetectorRow {
  region: string;
  n: number;
  found: number;
  recall_iou: number | null;
  centre_median: number | null;
  centre_95: number | null;
  median_iou: number | null;
  average_precision: number | null;
  false: number | null;
}

export interface DetectorValues {
  rows: DetectorRow[];
  all: DetectorRow;
  hands: number;
  hands_complete: number;
  centre_limit: number;
  iou_limit: number;
}
