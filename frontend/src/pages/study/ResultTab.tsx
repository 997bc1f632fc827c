import { Alert, Button, Stack, Text } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { IconAlertTriangle, IconBan, IconHourglass, IconPlayerPlay } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";

import { ApiError } from "../../api/client";
import { isActive } from "../../api/runs";
import { usePredict } from "../../api/studies";
import type { Study, StudyResult } from "../../api/types";
import type { RegionId } from "../../core/regions";
import { Empty } from "../../panels/Empty";
import { useErrorText } from "../../panels/errorText";
import { Blinded, Failure } from "../../panels/Failure";
import { RowsLoading } from "../../panels/Loading";
import { useReasonText } from "../../panels/reasonText";
import { RunProgress } from "../../panels/RunProgress";
import { AdultHeight } from "./AdultHeight";
import { AskSex } from "./AskSex";
import { BoneAge } from "./BoneAge";
import { CloserLook } from "./CloserLook";
import { Contributions } from "./Contributions";
import { hasFault, Quality, Scale } from "./FilmFacts";
import { Reports } from "./Reports";
import { RegionSummary, Sds, TrainedModel, Truth } from "./ResultParts";
import { Sending } from "./Sending";
import { Signatures } from "./Signatures";

/** Charts come in a chunk of their own. */
const Growth = lazy(() => import("./Growth"));

interface TabProps {
  readonly study: Study;
  readonly result: UseQueryResult<StudyResult>;
  readonly onFocus: (region: RegionId | null) => void;
}

/** What the model says, and what is known of the film whether or not there is a result; its faults come first. */
export function ResultTab({ study, result, onFocus }: TabProps) {
  const film = study.radiographs[0];
  const quality = film && <Quality findings={film.quality} />;
  const faultFirst = hasFault(film);
  return (
    <Stack gap="lg">
      {faultFirst && quality}
      <ModelResult study={study} result={result} onFocus={onFocus} />
      {!faultFirst && quality}
      {film && <Scale radiograph={film} />}
    </Stack>
  );
}

function ModelResult({ study, result, onFocus }: TabProps) {
  if (study.blinded) return <Blinded />;
  if (study.state === "rejected" || study.state === "excluded") return <NotUsed study={study} />;
  if (result.isPending) return <RowsLoading rows={6} height={44} />;
  if (result.isError && !result.data) return <Failure error={result.error} retry={() => void result.refetch()} />;
  return <Result study={study} result={result.data as StudyResult} onFocus={onFocus} />;
}

interface ResultProps {
  readonly study: Study;
  readonly result: StudyResult;
  readonly onFocus: (region: RegionId | null) => void;
}

function Result({ study, result, onFocus }: ResultProps) {
  const { t } = useTranslation("study");
  const { t: tr } = useTranslation("result");
  const running = result.runs.find((run) => isActive(run.status));
  const { prediction } = result;
  // The prediction knows what it was made with; the study what has been said since.
  const sexMissing = prediction?.error?.code === "sex_missing" || (study.sex === null && prediction === null);

  return (
    <Stack gap="lg">
      {running && <RunProgress run={running} />}
      {sexMissing && !running && <AskSex study={study} />}
      {!prediction && !running && !sexMissing && <NotPredicted study={study} />}
      {prediction?.error && !sexMissing && <Refused study={study} error={prediction.error} />}
      {prediction?.outdated && !running && !sexMissing && (
        <Alert color="yellow" variant="light" icon={<IconHourglass aria-hidden />}>
          {t("outdated")}
        </Alert>
      )}
      {result.check_identity && (
        <Alert color="red" variant="light" icon={<IconAlertTriangle aria-hidden />} title={tr("checkIdentity.title")}>
          {tr("checkIdentity.text")}
        </Alert>
      )}
      <BoneAge result={result} />
      {result.truth && <Truth truth={result.truth} />}
      {result.sds.length > 0 && <Sds rows={result.signed?.sds ?? result.sds} />}
      <AdultHeight result={result} />
      <Signatures result={result} />
      <Reports result={result} />
      <Sending result={result} />
      {result.growth.points.length > 1 && (
        <Suspense fallback={<RowsLoading rows={3} height={60} />}>
          <Growth result={result} />
        </Suspense>
      )}
      {prediction && <RegionSummary prediction={prediction} />}
      {prediction && <Contributions prediction={prediction} onFocus={onFocus} />}
      <CloserLook result={result} running={running?.kind === "examine"} />
      {prediction && <TrainedModel prediction={prediction} />}
      {prediction && !running && <PredictAgain study={study} />}
    </Stack>
  );
}

function NotUsed({ study }: { study: Study }) {
  const { t } = useTranslation("study");
  const reasonText = useReasonText();
  return (
    <Alert
      color={study.state === "rejected" ? "red" : "yellow"}
      variant="light"
      icon={<IconBan aria-hidden />}
      title={t(`notUsed.${study.state === "rejected" ? "rejected" : "excluded"}`)}
    >
      {study.reason && reasonText(study.reason)}
    </Alert>
  );
}

function Refused({ study, error }: { study: Study; error: { code: string; message: string } }) {
  const { t } = useTranslation("study");
  const errorText = useErrorText();
  return (
    <Alert color="yellow" variant="light" icon={<IconBan aria-hidden />} title={t("refused")}>
      <Text size="sm">{errorText(new ApiError(error.code, error.message, 422, { study: study.id }))}</Text>
    </Alert>
  );
}

function NotPredicted({ study }: { study: Study }) {
  const { t } = useTranslation("study");
  const predict = usePredict(study.id);
  if (study.state !== "ready") {
    return <Empty icon={IconHourglass} title={t("preparing.title")} text={t("preparing.text")} />;
  }
  return (
    <>
      <Empty
        icon={IconPlayerPlay}
        title={t("noPrediction.title")}
        text={t("noPrediction.text")}
        action={
          study.can.includes("predict") && (
            <Button loading={predict.isPending} onClick={() => predict.mutate()}>
              {t("predict")}
            </Button>
          )
        }
      />
      {predict.isError && <Failure error={predict.error} />}
    </>
  );
}

function PredictAgain({ study }: { study: Study }) {
  const { t } = useTranslation("study");
  const predict = usePredict(study.id);
  if (!study.can.includes("predict")) return null;
  return (
    <div className="no-print">
      <Button variant="default" size="xs" loading={predict.isPending} onClick={() => predict.mutate()}>
        {t("predictAgain")}
      </Button>
      {predict.isError && <Failure error={predict.error} />}
    </div>
  );
}
