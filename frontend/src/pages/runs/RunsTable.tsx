import { Progress, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";

import { isActive } from "../../api/runs";
import type { Run } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { RunStatusBadge } from "../../panels/badges";
import { personName } from "../../panels/personName";
import { usePhaseName } from "../../panels/phaseName";

export function RunsTable({ rows }: { rows: readonly Run[] }) {
  const { t } = useTranslation("runs");
  return (
    <div className="table-wrap">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t("column.run")}</th>
            <th scope="col">{t("column.status")}</th>
            <th scope="col">{t("column.progress")}</th>
            <th scope="col">{t("column.by")}</th>
            <th scope="col">{t("column.started")}</th>
            <th scope="col" className="number">
              {t("column.took")}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((run) => (
            <Row key={run.id} run={run} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ run }: { run: Run }) {
  const { t } = useTranslation();
  const { t: ofRuns } = useTranslation("runs");
  const { dateTime, duration, percent } = useFormat();
  const navigate = useNavigate();
  const phaseName = usePhaseName();
  const path = `/runs/${run.id}`;
  const took = runSeconds(run);
  return (
    <tr data-link onClick={(event) => !(event.target as HTMLElement).closest("a") && void navigate(path)}>
      <td>
        <Link className="row-link" to={path}>
          {t(`runKind.${run.kind}`)}
        </Link>
        {run.parameters["parts"] !== undefined && (
          <Text size="xs" c="dimmed">
            {ofRuns("part", { part: run.parameters["part"], parts: run.parameters["parts"] })}
          </Text>
        )}
      </td>
      <td>
        <RunStatusBadge status={run.status} />
      </td>
      <td style={{ minWidth: 140 }}>
        {run.status === "running" ? (
          <>
            <Text size="xs" c="dimmed">
              {phaseName(run)} · {percent((run.percent ?? 0) / 100)}
            </Text>
            <Progress value={run.percent ?? 0} size="sm" aria-label={t("run.progress")} />
          </>
        ) : (
          <Text size="xs" c="dimmed" lineClamp={2}>
            {run.error?.message ?? run.note}
          </Text>
        )}
      </td>
      <td>{personName(run.requested_by) ?? t("machine")}</td>
      <td style={{ whiteSpace: "nowrap" }}>{dateTime(run.started_at ?? run.created_at)}</td>
      <td className="number">{took !== null && !isActive(run.status) ? duration(took) : ""}</td>
    </tr>
  );
}

export function runSeconds(run: Run): number | null {
  if (!run.started_at) return null;
  const end = run.finished_at ? new Date(run.finished_at).getTime() : Date.now();
  return (end - new Date(run.started_at).getTime()) / 1000;
}
