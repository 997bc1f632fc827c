import { Alert, Button, Group, Skeleton, Text } from "@mantine/core";
import { IconFileTypePdf, IconFlask, IconIdBadge2, IconRobot } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { Query } from "../../api/address";
import { modelCardPdf, reportPdf, useFigure } from "../../api/evaluations";
import type { HeadlineValues } from "../../api/figures";
import type { Evaluation } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { ResearchUseOnly, SyntheticBadge } from "../../panels/badges";
import { Failure } from "../../panels/Failure";
import { usePopulationName } from "./population";
import { useWord } from "./words";

/** One sentence that can be defended: the error, its interval, on how many, against which truth. */
export function Headline({ evaluation, query }: { evaluation: Evaluation; query: Query }) {
  const { t } = useTranslation("evaluate");
  const { language } = useFormat();
  const populationName = usePopulationName();
  const figure = useFigure<HeadlineValues>(evaluation.id, "headline", query);
  const synthetic = evaluation.population.synthetic;
  const printed = { ...query, language };
  return (
    <header>
      <Group justify="space-between" align="flex-start">
        <Text size="sm" fw={600} c="dimmed">
          {t("about", { model: evaluation.model.label, population: populationName(evaluation.population) })}
        </Text>
        <Group gap="xs" className="no-print">
          <Button
            component="a"
            href={reportPdf(evaluation.id, printed)}
            download
            size="xs"
            variant="default"
            leftSection={<IconFileTypePdf size={16} aria-hidden />}
          >
            {t("files.report")}
          </Button>
          <Button
            component="a"
            href={modelCardPdf(evaluation.id, printed)}
            download
            size="xs"
            variant="default"
            leftSection={<IconIdBadge2 size={16} aria-hidden />}
          >
            {t("files.modelCard")}
          </Button>
        </Group>
      </Group>
      {figure.isError && !figure.data && <Failure error={figure.error} retry={() => void figure.refetch()} />}
      {figure.isPending && <Skeleton height={66} mt={6} radius="md" />}
      {figure.data && <Sentence values={figure.data.values} evaluation={evaluation} />}
      <Group gap="xs" mt="sm">
        <ResearchUseOnly />
        {synthetic && <SyntheticBadge />}
      </Group>
      {synthetic && (
        <Alert mt="md" color="yellow" variant="light" icon={<IconFlask aria-hidden />} title={t("synthetic.title")}>
          {t("synthetic.text")}
        </Alert>
      )}
      {evaluation.truth_is_model && (
        <Alert mt="md" color="yellow" variant="light" icon={<IconRobot aria-hidden />} title={t("truthIsModel.title")}>
          {t("truthIsModel.text")}
        </Alert>
      )}
    </header>
  );
}

function Sentence({ values, evaluation }: { values: HeadlineValues; evaluation: Evaluation }) {
  const { t, i18n } = useTranslation("evaluate");
  const { number, percent, signed } = useFormat();
  const word = useWord();
  const { overall, within, agreement, refused } = values;
  if (!overall) {
    return (
      <h1 className="headline" data-testid="headline">
        {t("headline.nothing")}
      </h1>
    );
  }
  const interval = overall.mae_interval_months;
  const years = (months: number) => number(months / 12, 2);
  const year = within.find((row) => row.limit_months === 12);
  const truth = i18n.exists(`evaluate:truth.${evaluation.truth}`)
    ? t(`truth.${evaluation.truth as "approved consensus"}`)
    : evaluation.truth;
  const leftOut = Object.entries({ ...evaluation.left_out, ...refused }).map(([code, count]) =>
    i18n.exists(`evaluate:leftOutWhy.${code}`)
      ? t(`leftOutWhy.${code as "not_predicted" | "sex_missing"}`, { count })
      : `${word(code)} ${number(count)}`,
  );
  return (
    <>
      <h1 className="headline" data-testid="headline">
        {t("headline.mae", { years: years(overall.mae_months) })}{" "}
        {interval && (
          <span className="soft">
            {t("headline.interval", { lower: years(interval[0]), upper: years(interval[1]) })}
          </span>
        )}{" "}
        {t("headline.on", { count: overall.n, shown: number(overall.n) })}
      </h1>
      <Text c="dimmed" size="sm">
        {[
          t("sub.months", { months: number(overall.mae_months, 1) }),
          t("sub.bias", { months: signed(overall.bias_months, 1) }),
          year && t("sub.within", { share: percent(year.share) }),
          agreement &&
            agreement.lower_months.value !== null &&
            agreement.upper_months.value !== null &&
            t("sub.limits", { lower: signed(agreement.lower_months.value, 1), upper: signed(agreement.upper_months.value, 1) }),
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
    </>
  );
}
