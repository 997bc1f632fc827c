import { Stack, Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { QualityFinding, Radiograph, Severity } from "../../api/types";
import { formatNumber, useFormat } from "../../i18n/format";
import { Mark, SeverityMark } from "../../panels/badges";
import { Facts } from "../../panels/Facts";
import { SectionTitle } from "./SectionTitle";

/** Whether the film has a fault that one has to know before one looks at any result. */
export const hasFault = (radiograph: Radiograph | undefined): boolean =>
  radiograph?.quality.some((finding) => finding.severity !== "info") ?? false;

const WORST_FIRST: readonly Severity[] = ["blocking", "warning", "info"];

/** What the quality gate has found, the worst first; it belongs to the film, whether or not a model has looked at it. */
export function Quality({ findings }: { readonly findings: readonly QualityFinding[] }) {
  const { t } = useTranslation("study");
  const ordered = [...findings].sort((a, b) => WORST_FIRST.indexOf(a.severity) - WORST_FIRST.indexOf(b.severity));
  return (
    <section data-testid="quality">
      <SectionTitle>{t("quality.title")}</SectionTitle>
      {ordered.length === 0 ? (
        <Mark tone="good" icon={IconCircleCheck} plain>
          {t("quality.none")}
        </Mark>
      ) : (
        <Stack gap={10} component="ul" m={0} p={0} style={{ listStyle: "none" }}>
          {ordered.map((finding) => (
            <Finding key={finding.code} finding={finding} />
          ))}
        </Stack>
      )}
    </section>
  );
}

/** One finding: how grave, in words, and what was measured against which limit. */
function Finding({ finding }: { readonly finding: QualityFinding }) {
  const { t } = useTranslation("study");
  const { t: common } = useTranslation();
  const { language } = useFormat();
  const { value, threshold } = finding;
  // What is only stated, such as that a sex is missing, comes with two noughts.
  const nothingMeasured = value === 0 && threshold === 0;
  const figure = (number: number) => formatNumber(number, language, digitsFor(number));
  return (
    <li data-code={finding.code}>
      <SeverityMark severity={finding.severity}>{common(`severity.${finding.severity}`)}</SeverityMark>
      <Text size="sm" mt={3}>
        {language === "zh-Hans" ? finding.message_zh : finding.message_en}
      </Text>
      {value !== null && !nothingMeasured && (
        <Text size="xs" c="dimmed">
          {threshold === null
            ? t("quality.measured", { value: figure(value) })
            : t("quality.measuredOf", { value: figure(value), limit: figure(threshold) })}
        </Text>
      )}
    </li>
  );
}

/** How many decimals it takes to show the three figures that count, without noughts at the end. */
export function digitsFor(number: number): number {
  const [, decimals = ""] = Number(number.toPrecision(3)).toFixed(4).split(".");
  return decimals.replace(/0+$/, "").length;
}

/** Size of the picture and of its pixels, and in which plane that is true. */
export function Scale({ radiograph }: { readonly radiograph: Radiograph }) {
  const { t } = useTranslation("study");
  const { number } = useFormat();
  const { rows, columns, pixel_spacing_mm: spacing, spacing_kind: kind } = radiograph;
  return (
    <section>
      <SectionTitle>{t("scale.title")}</SectionTitle>
      <Facts
        entries={[
          [t("scale.size"), t("scale.pixels", { columns: number(columns), rows: number(rows) })],
          [t("scale.spacing"), spacing ? `${t("scale.mm", { mm: number(spacing[0], 3) })}${kind ? ` · ${t(`scale.kind.${kind}`)}` : ""}` : t("scale.unknown")],
        ]}
      />
      {kind === "imager" && (
        <Text size="xs" c="dimmed" mt={2}>
          {t("scale.imagerWhy")}
        </Text>
      )}
    </section>
  );
}
