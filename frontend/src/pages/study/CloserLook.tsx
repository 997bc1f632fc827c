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

/** Share of the strongest move from which a place carries its sign, so that colour alone says nothing. */
const SIGNED_FROM = 0.5;
const LISTED = 5;
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
              <g key={`${patch.x0} ${patch.y0}`}>
                <rect
                  x={patch.x0 + width / 2}
                  y={patch.y0 + height / 2}
                  width={width}
                  height={height}
                  fill={months < 0 ? YOUNGER : OLDER}
                  fillOpacity={(0.7 * Math.abs(months)) / largest}
                />
                {Math.abs(months) >= SIGNED_FROM * largest && (
                  <text
                    className={classes.sign}
                    x={patch.x0 + width}
                    y={patch.y0 + height}
                    fontSize={1.6 * Math.min(width, height)}
                    strokeWidth={0.25 * Math.min(width, height)}
                  >
                    {months < 0 ? "−" : "+"}
                  </text>
                )}
              </g>
            );
          })}
        </svg>
      )}
      <Group gap="md" mt={4}>
        <Text size="xs">
          <span style={{ color: YOUNGER }} aria-hidden>
            ■
          </span>{" "}
          − {t("closer.younger")}
        </Text>
        <Text size="xs">
          <span style={{ color: OLDER }} aria-hidden>
            ■
          </span>{" "}
          + {t("closer.older")}
        </Text>
      </Group>
      <Text size="xs" c="dimmed" mt={2}>
        {t("closer.signs")}
      </Text>
      <Text size="xs" c="dimmed" mt={2}>
        {t("closer.note", { months: number(largest, 1) })}
      </Text>
      {result.radiograph && <Strongest examination={examination} rows={result.radiograph.rows} columns={result.radiograph.columns} />}
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

/** The picture in words, for whoever cannot see it. */
function Strongest({ examination, rows, columns }: { examination: Examination; rows: number; columns: number }) {
  const { t } = useTranslation("result");
  const { signed } = useFormat();
  const strongest = examination.patches
    .filter(({ months }) => months !== null && months !== 0)
    .sort((one, other) => Math.abs(other.months ?? 0) - Math.abs(one.months ?? 0))
    .slice(0, LISTED);
  if (strongest.length === 0) return null;
  const percent = (from: number, to: number, whole: number) => Math.round((50 * (from + to)) / whole);
  return (
    <table className="table" data-testid="closer-strongest">
      <thead>
        <tr>
          <th scope="col">{t("closer.list")}</th>
          <th scope="col" className="number">
            {t("closer.moves")}
          </th>
        </tr>
      </thead>
      <tbody>
        {strongest.map((patch) => (
          <tr key={`${patch.x0} ${patch.y0}`}>
            <td>{t("closer.place", { across: percent(patch.x0, patch.x1, columns), down: percent(patch.y0, patch.y1, rows) })}</td>
            <td className="number">{t("monthsShort", { months: signed(patch.months ?? 0, 1) })}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
