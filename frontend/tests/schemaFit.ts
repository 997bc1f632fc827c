import type * as Ours from "../src/api/types";
import type { components } from "../src/generated/schema";

type Server = components["schemas"];

/** Our pairs are the server's lists of two numbers: JSON schema does not tell them apart. Depth kept small for the compiler. */
type Loose<T> = T extends [number, number]
  ? number[]
  : T extends readonly (infer Item)[]
    ? Loose<Item>[]
    : T extends object
      ? { [Key in keyof T]: Loose<T[Key]> }
      : T;

/** `true` where what the server sends can be read as what the pages expect; a field renamed there fails `tsc` here. */
type Fits<Sent, Expected> = Sent extends Loose<Expected> ? true : false;

/** Checked by `npm run check`, not by running: each line is a promise about one noun. */
export const fits: {
  StudyRow: Fits<Server["StudyRow"], Ours.StudyRow>;
  Upload: Fits<Server["Upload"], Ours.Upload>;
  Home: Fits<Server["Home"], Ours.Home>;
  Session: Fits<Server["Session"], Ours.Session>;
  Health: Fits<Server["Health"], Ours.Health>;
  Protocol: Fits<Server["Protocol"], Ours.Protocol>;
  Cohort: Fits<Server["Cohort"], Ours.Cohort>;
  Account: Fits<Server["Account"], Ours.ManagedPerson>;
  Event: Fits<Server["StudyEvent"], Ours.StudyEvent>;
  Sds: Fits<Server["Sds"], Ours.SdsRow>;
  Snapshot: Fits<Required<Server["Snapshot"]>, Ours.Snapshot>;
  Measures: Fits<Server["Measures"], Ours.ErrorMeasures>;
  Band: Fits<Server["Band"], Ours.Table3Row>;
  Case: Fits<Server["Case"], Ours.EvaluationCase>;
  EvaluationRow: Fits<Server["EvaluationRow"], Ours.EvaluationRow>;
} = {
  StudyRow: true,
  Upload: true,
  Home: true,
  Session: true,
  Health: true,
  Protocol: true,
  Cohort: true,
  Account: true,
  Event: true,
  Sds: true,
  Snapshot: true,
  Measures: true,
  Band: true,
  Case: true,
  EvaluationRow: true,
};
