import { Alert, Box, Button, Grid, Group, Skeleton, Stack, Text } from "@mantine/core";
import { IconDownload, IconFlask } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";

import { evaluationCsv, useEvaluation } from "../../api/evaluations";
import type { Evaluation } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { ResearchUseOnly, SyntheticBadge } from "../../panels/badges";
import { Failure } from "../../panels/Failure";
import { CardsLoading } from "../../panels/Loading";
import { Page, usePageTitle } from "../../panels/Page";
import { HeatTable } from "./HeatTable";
import { LargestErrors } from "./LargestErrors";
import { usePopulationName } from "./population";

const BandBars = lazy(() => import("./BandBars"));
const BlandAltman = lazy(() => import("./BlandAltman"));
const Scatter = lazy(() => import("./AgreementScatter"));

export function Component() {
  const { t } = useTranslation("evaluate");
  const { id = "" } = useParams();
  const evaluation = useEvaluation(id);
  if (evaluation.data) return <EvaluationView evaluation={evaluation.data} />;
  return (
    <Page title={t("one")}>
      {evaluation.isError ? (
        <Failure error={evaluation.error} retry={() => void evaluation.refetch()} />
      ) : (
        <CardsLoading cards={2} height={420} />
      )}
    </Page>
  );
}

function EvaluationView({ evaluation }: { evaluation: Evaluation }) {
  const { t } = useTranslation("evaluate");
  const { report } = evaluation;
  const synthetic = report.synthetic || evaluation.population.synthetic;
  usePageTitle(`${evaluation.model.label} · ${t("one")}`);
  return (
    <Box px={{ base: "md", sm: 28 }} py={22} maw={1340}>
      <Headline evaluation={evaluation} synthetic={synthetic} />
      {report.n === 0 ? (
        <Alert color="yellow" variant="light">
          {t("nothing")}
        </Alert>
      ) : (
        <Grid gap="lg" mt="lg">
          <Grid.Col span={{ base: 12, lg: 7 }}>
            <HeatTable report={report} />
          </Grid.Col>
          <Grid.Col span={{ base: 12, lg: 5 }}>
            <Stack gap="lg">
              <ChartSlot>
                <BlandAltman report={report} />
              </ChartSlot>
              <ChartSlot>
                <Scatter report={report} />
              </ChartSlot>
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, lg: 7 }}>
            <ChartSlot>
              <BandBars report={report} />
            </ChartSlot>
          </Grid.Col>
          <Grid.Col span={{ base: 12, lg: 5 }}>
            <LargestErrors cases={report.cases} />
          </Grid.Col>
        </Grid>
      )}
    </Box>
  );
}

function ChartSlot({ children }: { children: React.ReactNode }) {
  return <Suspense fallback={<Skeleton height={310} radius={12} />}>{children}</Suspense>;
}

/** One sentence that can be defended: the error, its interval, on how many, against which truth. */
function Headline({ evaluation, synthetic }: { evaluation: Evaluation; synthetic: boolean }) {
  const { t, i18n } = useTranslation("evaluate");
  const { number, percent, signed } = useFormat();
  const populationName = usePopulationName();
  const { overall, within, bland_altman: limits } = evaluation.report;
  const interval = overall.mae_interval_months;
  const truth = i18n.exists(`evaluate:truth.${evaluation.truth}`)
    ? t(`truth.${evaluation.truth as "approved consensus"}`)
    : evaluation.truth;
  const leftOut = Object.entries(evaluation.left_out).map(([code, count]) =>
    i18n.exists(`evaluate:leftOutWhy.${code}`)
      ? t(`leftOutWhy.${code as "not_predicted" | "sex_missing"}`, { count })
      : `${code} ${count}`,
  );
  const years = (months: number) => number(months / 12, 2);

  return (
    <header>
      <Group justify="space-between" align="flex-start">
        <Text size="sm" fw={600} c="dimmed">
          {t("about", { model: evaluation.model.label, population: populationName(evaluation.population) })}
        </Text>
        <Button
          component="a"
          href={evaluationCsv(evaluation.id)}
          download
          size="xs"
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          {t("csv")}
        </Button>
      </Group>
      <h1 className="headline" data-testid="headline">
        {t("headline.mae", { years: years(overall.mae_months) })}{" "}
        {interval && (
          <span className="soft">
            ({years(interval[0])} – {years(interval[1])})
          </span>
        )}{" "}
        {t("headline.on", { count: overall.n, shown: number(overall.n) })}
      </h1>
      <Text c="dimmed" size="sm">
        {[
          t("sub.months", { months: number(overall.mae_months, 1) }),
          t("sub.bias", { months: signed(overall.bias_months, 1) }),
          within["12"] !== undefined ? t("sub.within", { share: percent(within["12"]) }) : null,
          limits && t("sub.limits", { lower: signed(limits.lower, 1), upper: signed(limits.upper, 1) }),
          t("sub.truth", { truth }),
        ]
          .filter(Boolean)
          .join(" · ")}
      </Text>
      {leftOut.length > 0 && (
        <Text c="dimmed" size="sm">
          {t("leftOut", { list: leftOut.join(t("population.comma")) })}
        </Text>
      )}
      <Group gap="xs" mt="sm">
        <ResearchUseOnly />
        {synthetic && <SyntheticBadge />}
      </Group>
      {synthetic && (
        <Alert mt="md" color="yellow" variant="light" icon={<IconFlask aria-hidden />} title={t("synthetic.title")}>
          {t("synthetic.text")}
        </Alert>
      )}
    </header>
  );
}
