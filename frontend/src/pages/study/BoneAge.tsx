import { Group, Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { SdsRow, StudyResult } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Mark, ModelOnlyBadge, PreliminaryBadge, ResearchUseOnly } from "../../panels/badges";
import { Facts } from "../../panels/Facts";
import { useInputNames } from "../../panels/inputNames";
import { personName } from "../../panels/personName";
import { NormalRange } from "./NormalRange";
import { useSexSource } from "./sexSource";

/** The age that stands: the signed one, else the model's; with its interval, what it rests on, and what it is not. */
export function BoneAge({ result }: { result: StudyResult }) {
  const { t } = useTranslation("result");
  const { t: common } = useTranslation();
  const { age, ageDifference, ageInterval, number, percent } = useFormat();
  const sexSource = useSexSource();
  const inputNames = useInputNames();
  const { signed, prediction, calibration } = result;
  const months = signed?.bone_age_months ?? prediction?.bone_age_months;
  if (months === null || months === undefined) return null;
  const interval = signed ? signed.interval_months : (prediction?.interval_months ?? null);
  const coverage = signed ? signed.interval_coverage : (prediction?.interval_coverage ?? null);
  const scores = signed ? signed.sds : result.sds;
  const reference = signed?.reference ?? result.reference;
  const named = scores.find((row) => row.table === reference);
  const difference = signed ? signed.difference_months : result.difference_months;

  return (
    <section aria-label={t("boneAge")}>
      <Group gap={6} mb={6}>
        {signed ? (
          <Mark tone="good" icon={IconCircleCheck}>
            {t(result.status === "amended" ? "badge.amended" : "badge.signed")}
          </Mark>
        ) : (
          <>
            <PreliminaryBadge />
            <ModelOnlyBadge />
          </>
        )}
        <ResearchUseOnly />
      </Group>
      <Text size="sm" c="dimmed">
        {t("boneAge")} · {t(`basis.${signed?.basis ?? "model"}`)}
      </Text>
      <Text fz={40} fw={650} lh={1.15} data-testid="bone-age">
        {age(months)}
      </Text>
      <Text c="dimmed" size="sm">
        {t("months", { months: number(months, 1) })}
        {interval && ` · ${t("interval", { coverage: coverage === null ? "" : percent(coverage), interval: ageInterval([interval[0], interval[1]]) })}`}
      </Text>
      {calibration && <Corrected calibration={calibration} />}
      {signed && (
        <Text size="sm" mt={4} data-testid="signed-by">
          {t("signedBy", { name: personName(signed.signed_by) ?? "", version: signed.version })}
        </Text>
      )}
      <NormalRange boneAge={months} chronologicalAge={result.chronological_age_months} named={named as SdsRow | undefined} />
      <Facts
        entries={[
          [
            t("sex"),
            result.study.sex
              ? `${common(`sex.${result.study.sex}`)} (${sexSource(result.study.sex_source ?? null)})`
              : common("sex.unknown"),
          ],
          [
            t("chronologicalAge"),
            result.chronological_age_months === null
              ? t("notKnown")
              : `${age(result.chronological_age_months)}${result.age_source ? ` (${t(`ageSource.${result.age_source}`)})` : ""}`,
          ],
          [t("difference"), difference === null ? null : ageDifference(difference)],
          [t("inputs"), prediction ? inputNames(prediction.inputs_used) : null],
        ]}
      />
    </section>
  );
}

/** The site's own correction beside the model's age, never instead of it. */
function Corrected({ calibration }: { calibration: NonNullable<StudyResult["calibration"]> }) {
  const { t } = useTranslation("result");
  const { age } = useFormat();
  return (
    <Text size="sm" mt={4} data-testid="corrected">
      {calibration.bone_age_months === null
        ? t("corrected.outside")
        : t("corrected.value", { age: age(calibration.bone_age_months), cases: calibration.cases })}
    </Text>
  );
}
