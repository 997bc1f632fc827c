import { Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Interval, Sex } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { ModelOnlyBadge, PreliminaryBadge, ResearchUseOnly } from "../../panels/badges";
import { Facts } from "../../panels/Facts";
import { useInputNames } from "../../panels/inputNames";
import { useSexSource } from "./sexSource";

/** The model's age as people say it, with its interval, what it rests on, and what it is not. */
export function BoneAge(props: {
  boneAgeMonths: number;
  interval: Interval | null;
  intervalCoverage: number | null;
  sex: Sex | null;
  sexSource: string | null;
  chronologicalAgeMonths: number | null;
  differenceMonths: number | null;
  inputsUsed: string[];
}) {
  const { t } = useTranslation("study");
  const { t: common } = useTranslation();
  const { age, ageDifference, ageInterval, number, percent } = useFormat();
  const sexSource = useSexSource();
  const inputNames = useInputNames();

  return (
    <section aria-label={t("boneAge")}>
      <Group gap={6} mb={6}>
        <PreliminaryBadge />
        <ModelOnlyBadge />
        <ResearchUseOnly />
      </Group>
      <Text size="sm" c="dimmed">
        {t("boneAge")}
      </Text>
      <Text fz={40} fw={650} lh={1.15} data-testid="bone-age">
        {age(props.boneAgeMonths)}
      </Text>
      <Text c="dimmed" size="sm" mb="sm">
        {t("months", { months: number(props.boneAgeMonths, 1) })}
        {props.interval && ` · ${t("interval", { coverage: props.intervalCoverage === null ? "" : percent(props.intervalCoverage), interval: ageInterval(props.interval) })}`}
      </Text>
      <Facts
        entries={[
          [t("sex"), props.sex ? `${common(`sex.${props.sex}`)} (${sexSource(props.sexSource)})` : common("sex.unknown")],
          [
            t("chronologicalAge"),
            props.chronologicalAgeMonths === null ? t("notKnown") : age(props.chronologicalAgeMonths),
          ],
          [t("difference"), props.differenceMonths === null ? null : ageDifference(props.differenceMonths)],
          [t("inputs"), inputNames(props.inputsUsed)],
        ]}
      />
    </section>
  );
}
