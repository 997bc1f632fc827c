import { Anchor, Group, Text } from "@mantine/core";
import { IconCircleCheck, IconRepeat } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { SdsRow, StudyResult } from "../../api/types";
import { isRegionId, regionName } from "../../core/regions";
import { useFormat } from "../../i18n/format";
import { Mark, SyntheticBadge } from "../../panels/badges";
import { Facts } from "../../panels/Facts";
import { SectionTitle } from "./SectionTitle";

type Prediction = NonNullable<StudyResult["prediction"]>;

export function Truth({ truth }: { truth: NonNullable<StudyResult["truth"]> }) {
  const { t, i18n } = useTranslation("study");
  const { age, date } = useFormat();
  const origin = i18n.exists(`study:origin.${truth.origin}`)
    ? t(`origin.${truth.origin as "single_read" | "mean_of_reads" | "adjudicated" | "reread"}`)
    : truth.origin;
  return (
    <section>
      <SectionTitle>{t("truth")}</SectionTitle>
      <Group gap="sm">
        <Mark tone="good" icon={IconCircleCheck}>
          {age(truth.bone_age_months)}
        </Mark>
        <Text size="sm" c="dimmed">
          {origin}
          {truth.approved_at && ` · ${date(truth.approved_at)}`}
        </Text>
        {truth.read_again && (
          <Mark tone="warn" icon={IconRepeat}>
            {t("readAgain")}
          </Mark>
        )}
      </Group>
      {truth.read_again && (
        <Text size="xs" c="dimmed" mt={4}>
          {t("readAgainWhy")}
        </Text>
      )}
    </section>
  );
}

export function Sds({ rows }: { rows: readonly SdsRow[] }) {
  const { t, i18n } = useTranslation("study");
  const { language, number, signed } = useFormat();
  const classOf = (name: string) =>
    i18n.exists(`study:ageClass.${name}`) ? t(`ageClass.${name as "delayed" | "normal" | "advanced"}`) : name;
  return (
    <section>
      <SectionTitle>{t("sds.title")}</SectionTitle>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t("sds.table")}</th>
            <th scope="col" className="number">
              {t("sds.sd")}
            </th>
            <th scope="col" className="number">
              {t("sds.score")}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.table}>
              <td>{language === "zh-Hans" ? row.name_zh : row.name_en}</td>
              <td className="number">
                {row.sd_months === null ? t("sds.outside") : t("monthsShort", { months: number(row.sd_months, 1) })}
              </td>
              <td className="number">
                {row.sds !== null && <b>{signed(row.sds, 1)}</b>}
                {row.class && (
                  <Text size="xs" c="dimmed">
                    {classOf(row.class)}
                  </Text>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function RegionSummary({ prediction }: { prediction: Prediction }) {
  const { t } = useTranslation("study");
  const { language } = useFormat();
  const missing = prediction.missing_regions.map((id) => (isRegionId(id) ? regionName(id, language) : id));
  return (
    <section>
      <SectionTitle>{t("regions.title")}</SectionTitle>
      <Text size="sm">{t("regions.found", { found: prediction.boxes.length })}</Text>
      {missing.length > 0 && (
        <Text size="sm" c="var(--warn-text)">
          {t("regions.missing", { names: missing.join(language === "zh-Hans" ? "、" : ", ") })}
        </Text>
      )}
    </section>
  );
}

export function TrainedModel({ prediction }: { prediction: Prediction }) {
  const { t } = useTranslation("study");
  const { dateTime, number } = useFormat();
  const { model } = prediction;
  const trained = model.trained_on;
  const trainedOn =
    trained === null || typeof trained === "string"
      ? trained
      : trained.n === null
        ? trained.name
        : t("model.films", { name: trained.name, films: number(trained.n) });
  const synthetic = model.synthetic || (typeof trained === "object" && trained?.synthetic);
  return (
    <section>
      <SectionTitle>{t("model.title")}</SectionTitle>
      <Facts
        entries={[
          [
            t("model.label"),
            <Anchor key="label" component={Link} to={`/models/${model.id}`} size="sm">
              {model.label}
            </Anchor>,
          ],
          [
            t("model.trainedOn"),
            <Group key="trained" gap={6}>
              {trainedOn}
              {synthetic && <SyntheticBadge />}
            </Group>,
          ],
          [t("model.made"), dateTime(prediction.created_at)],
        ]}
      />
    </section>
  );
}
