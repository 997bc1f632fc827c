import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChartHistogram, IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";

import { useEvaluations } from "../../api/evaluations";
import { useSession } from "../../api/session";
import type { EvaluationRow } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { SyntheticBadge } from "../../panels/badges";
import { Card } from "../../panels/Card";
import { Empty } from "../../panels/Empty";
import { Failure } from "../../panels/Failure";
import { RowsLoading } from "../../panels/Loading";
import { Page } from "../../panels/Page";
import { EvaluateDialog } from "./EvaluateDialog";
import { usePopulationName } from "./population";

export function Component() {
  const { t } = useTranslation("evaluate");
  const { has } = useSession();
  const evaluations = useEvaluations();
  const [opened, { open, close }] = useDisclosure(false);
  const rows = evaluations.data?.results ?? [];
  const may = has("researcher") || has("administrator");
  const start = may && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
      {t("start")}
    </Button>
  );
  return (
    <Page title={t("title")} intro={t("intro")} actions={rows.length > 0 && start}>
      <Card>
        {evaluations.isPending && <RowsLoading rows={5} height={40} />}
        {evaluations.isError && !evaluations.data && (
          <Failure error={evaluations.error} retry={() => void evaluations.refetch()} />
        )}
        {evaluations.isSuccess && rows.length === 0 && (
          <Empty icon={IconChartHistogram} title={t("empty.title")} text={t("empty.text")} action={start} />
        )}
        {rows.length > 0 && <EvaluationsTable rows={rows} />}
      </Card>
      {opened && <EvaluateDialog onClose={close} />}
    </Page>
  );
}

function EvaluationsTable({ rows }: { rows: readonly EvaluationRow[] }) {
  const { t } = useTranslation("evaluate");
  return (
    <div className="table-wrap">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t("column.population")}</th>
            <th scope="col">{t("column.model")}</th>
            <th scope="col" className="number">
              {t("column.mae")}
            </th>
            <th scope="col" className="number">
              {t("column.n")}
            </th>
            <th scope="col">{t("column.made")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.id} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ row }: { row: EvaluationRow }) {
  const { t } = useTranslation("evaluate");
  const { dateTime, number } = useFormat();
  const navigate = useNavigate();
  const populationName = usePopulationName();
  const path = `/evaluate/${row.id}`;
  const overall = row.overall;
  const interval = overall?.mae_interval_months;
  return (
    <tr data-link onClick={(event) => !(event.target as HTMLElement).closest("a") && void navigate(path)}>
      <td>
        <Link className="row-link" to={path}>
          {populationName(row.population)}
        </Link>{" "}
        {row.population.synthetic && <SyntheticBadge />}
      </td>
      <td>{row.model.label}</td>
      <td className="number">
        <b>{overall ? t("months", { months: number(overall.mae_months, 1) }) : "–"}</b>
        {interval && (
          <Text size="xs" c="dimmed">
            {number(interval[0], 1)} – {number(interval[1], 1)}
          </Text>
        )}
      </td>
      <td className="number">{number(overall?.n ?? 0)}</td>
      <td style={{ whiteSpace: "nowrap" }}>{dateTime(row.created_at)}</td>
    </tr>
  );
}
