import { Button, Group, Text } from "@mantine/core";
import { IconZoomScan } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useExamine } from "../../api/results";
import type { Examination, StudyResult } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Failure } from "../../panels/Failure";
import { Facts } from "../../panels/Facts";
import { SectionTitle } from "./SectionTitle";
import classes from "./result.module.css";

const [YOUNGER, OLDER] = ["#56b4e9", "#e69f00"];

/** Where covering the film moves the age, and the ages of its parts; made by a worker when somebody asks. */
export function CloserLook({ result, running }: { result: StudyResult; running: boolean }) {
  const { t } = useTranslation("result");
  const examine = useExamine(result.study.id);
  if (!result.prediction || result.prediction.bone_age_months === null) return null;
  return (
    <section data-testid="closer-look">
      <SectionTitle>{t("closer.title")}</SectionTitle>
      {result.examination ? (
        <Seen examination={result.examination} result={result} />
      ) : (
        <>
          <Text size="sm" c="dimmed" mb={6}>
            {t("closer.about")}
          </Text>
          {result.can.includes("examine") && (
            <Button
              size="xs"
              variant="default"
              className="no-print"
              loading={examine.isPending || running}
              leftSection={<IconZoomScan size={16} aria-hidden />}
              onClick={() => examine.mutate()}
            >
              {t("closer.ask")}
            </Button>
          )}
          {examine.isError && <Failure error={examine.error} />}
        </>
      )}
    </section>
  );
}

function Seen({ examination, result }: { examination: Examination; result: StudyResult }) {
  const { t } = useTranslation("result");
  const { age, number } = useFormat();
  const largest = Math.max(...examination.patches.map(({ months }) => Math.abs(months ?? 0)), 0.1);
  const parts = examination.parts.map(
    (part) =>
      [
        t(`part.${part.part}`),
        part.bone_age_months === null ? t("part.none") : age(part.bone_age_months),
      ] as const,
  );
  return (
    <>
      {result.radiograph && (
        <svg
          className={classes.map}
          viewBox={`0 0 ${result.radiograph.columns} ${result.radiograph.rows}`}
          role="img"
          aria-label={t("closer.label", { months: number(largest, 1) })}
        >
          <image
            href={result.radiograph.thumbnail_url}
            width={result.radiograph.columns}
            height={result.radiograph.rows}
            preserveAspectRatio="none"
          />
          {examination.patches.map((patch) => {
            const [width, height] = [(patch.x1 - patch.x0) / 2, (patch.y1 - patch.y0) / 2];
            const months = patch.months ?? 0;
            return (
              <rect
                key={`${patch.x0} ${patch.y0}`}
                x={patch.x0 + width / 2}
                y={patch.y0 + height / 2}
                width={width}
                height={height}
                fill={months < 0 ? YOUNGER : OLDER}
                fillOpacity={(0.7 * Math.abs(months)) / largest}
              />
            );
          })}
        </svg>
      )}
      <Group gap="md" mt={4}>
        <Text size="xs">
          <span style={{ color: YOUNGER }}>■</span> {t("closer.younger")}
        </Text>
        <Text size="xs">
          <span style={{ color: OLDER }}>■</span> {t("closer.older")}
        </Text>
      </Group>
      <Text size="xs" c="dimmed" mt={2}>
        {t("closer.note", { months: number(largest, 1) })}
      </Text>
      {parts.length > 0 ? (
        <Facts entries={parts} />
      ) : (
        <Text size="xs" c="dimmed" mt={4}>
          {t("part.noHeads")}
        </Text>
      )}
    </>
  );
}
