/**
 * The nouns of the interface, as the server sends them. Ages in months, times ISO 8601 in UTC, ids opaque. What the
 * schema says is taken from it (`npm run generate`); written out here is only what it cannot say.
 */
import type { components } from "../generated/schema";
import type { Table1Values } from "./figures";

type Schemas = components["schemas"];

/** In the schema what has a default on the server may be missing; what the server sends is complete. */
type Sent<T> = Required<T>;

export type Role = Schemas["RolesEnum"];
export const ROLES: readonly Role[] = [
  "labeller",
  "reader",
  "adjudicator",
  "reviewer",
  "researcher",
  "administrator",
];

export type Sex = Schemas["SexEnum"];
export type Interval = [number, number];

export type Person = Schemas["Person"];
export type SignedInPerson = Schemas["SessionPerson"];
export type Session = Schemas["Session"];
export type ManagedPerson = Schemas["Account"];
export type Health = Schemas["Health"];

export interface Page<T> {
  results: T[];
  next: string | null;
  total: number | null;
}

export type RunPage = Page<Run> & Pick<Schemas["RunPage"], "by_status">;

/** In both languages; what a person wrote is the same in both. */
export type Reason = Schemas["IntakeReason"];

export type FunnelStep = keyof Schemas["Funnel"];

export type Home = Schemas["Home"];

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

export type StudyState = Schemas["StudyStateEnum"];
export const STUDY_STATES: readonly StudyState[] = ["received", "deidentified", "ready", "excluded", "rejected"];
export type Labelling = Schemas["LabellingEnum"];
export type Reading = Schemas["ReadingEnum"];
export const LABELLING: readonly Labelling[] = ["none", "draft", "submitted", "returned", "accepted"];
export const READING: readonly Reading[] = ["none", "open", "agreed", "adjudicating", "settled", "approved", "unreadable", "no_bone_age"];
export type Severity = Schemas["SeverityEnum"];
export type QualityFinding = Schemas["QualityFinding"];

export type StudyRow = Schemas["StudyRow"];
/** One picture; the first of its windows is the default. */
export type Radiograph = Schemas["Radiograph"];
export type Study = Schemas["Study"];
export type StudyEvent = Schemas["Event"];
export type Chain = Schemas["Chain"];
export type Priority = Schemas["PriorityEnum"];
export const PRIORITIES: readonly Priority[] = ["urgent", "normal", "low"];
export type WorkKind = Schemas["WorkKindEnum"];
export const WORK_KINDS: readonly WorkKind[] = ["label", "review", "read"];
export type ManyChanged = Schemas["ManyChanged"];
export type Worklists = Schemas["Worklists"];
export type FilmItem = Schemas["FilmItem"];
export type BoxSetItem = Schemas["BoxSetItem"];
export type Hold = Schemas["Hold"];

export type BoxSetVersion = Schemas["BoxSetVersion"];
export type BoxDifferences = Schemas["BoxDifferences"];
export type RegionDifference = Schemas["RegionDifference"];
export type ReviewComment = Schemas["ReviewComment"];
export type StudyThen = Schemas["StudyThen"];
export type BoxSetThen = Schemas["BoxSetThen"];
export type BoxAgreement = Schemas["BoxAgreement"];
export type BoxMeasures = Schemas["BoxMeasures"];
export type Compared = Schemas["ComparedEnum"];
export const COMPARED: readonly Compared[] = ["labellers", "accepted", "model"];

export type ScoredRegionBox = Schemas["RegionScore"];
export type SdsRow = Schemas["Sds"];
export type StudyResult = Omit<Schemas["Result"], "runs"> & { runs: Run[] };
export type Basis = Schemas["SignatureRow"]["basis"];
export type AdultHeight = NonNullable<StudyResult["adult_height"]>;
export type HeightLine = Schemas["Height"];
export type Signed = NonNullable<StudyResult["signed"]>;
export type Contribution = Schemas["Contribution"];
export type GrowthPoint = Schemas["GrowthPoint"];
export type Examination = Schemas["Examination"];
export type Deliveries = Schemas["Deliveries"];
export type Delivery = Schemas["Delivery"];
export type Reference = Schemas["Reference"];
export type Calibration = Schemas["Calibration"];
export type Opening = Schemas["Opening"];
export type TrainedOn = Schemas["TrainedOn"];

type RegionBox = Schemas["RegionBox"] & { attributes: Sent<Schemas["RegionAttributes"]> };
/** `is_fix`: a reviewer's correction, which is accepted as it is submitted. */
export type HandedIn = Schemas["HandedIn"];
/** What to work on next, with what its page shows. */
export type HandedOutBoxSet = Omit<Schemas["HandedOutBoxSet"], "contents"> & { contents: BoxSet };
export type UpcomingFilm = Schemas["UpcomingFilm"];
export type BoxSetEffort = Schemas["BoxSetEffort"];
export type BoxSet = Omit<Schemas["BoxSet"], "regions"> & { regions: RegionBox[] };

export type ReadingRoom = Schemas["Reading"];
export type ConsensusRow = Schemas["ConsensusRow"];
export type Consensus = Schemas["Consensus"];
export type Cohort = Schemas["Cohort"];
export type Protocol = Schemas["Protocol"];
export type ProtocolVersion = Schemas["ProtocolVersion"];
export type PersonChoice = Schemas["PersonChoice"];

export type Measure = Schemas["Measure"];
export type ReaderMeasures = Schemas["ReaderMeasures"];
export type RepeatMeasures = Schemas["RepeatMeasures"];
export type ReaderGroup = Schemas["ReaderGroup"];
export type Reader = Schemas["Reader"];
export type ReaderPair = Schemas["ReaderPair"];
export type ReaderFigures = Schemas["ReaderFigures"];
export type ReadingProgress = Schemas["ReadingProgress"];
export type RereadRound = Schemas["RereadRound"];
export type RereadGroup = Schemas["RereadGroup"];
export type RereadPreview = Schemas["RereadPreview"];

export type RunKind = Schemas["RunKindEnum"];
export type RunStatus = Schemas["RunStatusEnum"];

export interface CurvePoint {
  step: number;
  phase?: string;
  loss?: number | null;
  [measure: string]: number | string | null | undefined;
}

export type Run = Omit<Sent<Schemas["Run"]>, "curve"> & { curve: CurvePoint[] };
export type Snapshot = Sent<Schemas["Snapshot"]>;

export type ModelStatus = Schemas["ModelStatusEnum"];
export type ModelVersion = Sent<Schemas["Model"]>;

export type ErrorMeasures = Schemas["Measures"];
export type EvaluationCase = Schemas["Case"];
export type EvaluationCaseDetail = Schemas["CaseDetail"];
export type Evaluation = Schemas["Evaluation"];
export type EvaluationRow = Schemas["EvaluationRow"];
export type BandBy = Evaluation["band_by"];

/** What the release gate says of a model; no findings: it is the better one. */
export type ModelRelease = Schemas["ModelRelease"];
export type Verdict = Schemas["Verdict"];
export type Yardstick = Schemas["Yardstick"];

/** Settings of a training by their dotted names; `words` of those that are one of a few. */
export type Preset = Schemas["Preset"];

export type SnapshotContents = Omit<Schemas["SnapshotContents"], "table1"> & { table1: Table1Values };
export type SnapshotDifferences = Schemas["SnapshotDifferences"];

export type StatedItem = Schemas["StatedItem"];
export type StatedItems = Schemas["StatedItems"];
