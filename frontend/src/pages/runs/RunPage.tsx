import { Alert, Button, Grid, Group, Skeleton, Stack } from "@mantine/core";
import { IconAlertTriangle, IconArrowRight } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";

import { ApiError } from "../../api/client";
import { isActive, useRun, useRunLog } from "../../api/runs";
import type { Run } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { RunStatusBadge } from "../../panels/badges";
import { Card } from "../../panels/Card";
import { useErrorText } from "../../panels/errorText";
import { Facts } from "../../panels/Facts";
import { Failure } from "../../panels/Failure";
import { CardsLoading } from "../../panels/Loading";
import { Page } from "../../panels/Page";
import { personName } from "../../panels/personName";
import { RunProgress } from "../../panels/RunProgress";
import { BatchCard } from "./BatchCard";
import { LogTail } from "./LogTail";
import { RunMoves } from "./RunMoves";
import { useParameters } from "./parameters";
import { runSeconds } from "./RunsTable";

const Curve = lazy(() => import("./Curve"));

export function Component() {
  const { t } = useTranslation("runs");
  const { t: common } = useTranslation();
  const { id = "" } = useParams();
  const run = useRun(id);
  return (
    <Page title={run.data ? common(`runKind.${run.data.kind}`) : t("one")} actions={run.data && <RunMoves run={run.data} />}>
      {run.isPending && <CardsLoading cards={2} height={220} />}
      {run.isError && !run.data && <Failure error={run.error} retry={() => void run.refetch()} />}
      {run.data && <RunView run={run.data} />}
    </Page>
  );
}

function RunView({ run }: { run: Run }) {
  const { t } = useTranslation("runs");
  const { dateTime, duration } = useFormat();
  const errorText = useErrorText();
  const active = isActive(run.status);
  const log = useRunLog(run.id, active);
  const took = runSeconds(run);
  const parameters = useParameters(run);

  return (
    <Stack gap="lg">
      {active && (
        <Card>
          <RunProgress run={run} />
        </Card>
      )}
      {run.error && (
        <Alert color="red" variant="light" icon={<IconAlertTriangle aria-hidden />} title={t("failed")} role="alert">
          {errorText(new ApiError(run.error.code, run.error.message, 500))}
        </Alert>
      )}
      <Outcome run={run} />
      {run.batch && <BatchCard run={run} batch={run.batch} />}
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Card title={t("facts.title")} tools={<RunStatusBadge status={run.status} />}>
            <Facts
              entries={[
                [t("facts.by"), personName(run.requested_by) ?? t("facts.machine")],
                [t("facts.created"), dateTime(run.created_at)],
                [t("facts.started"), run.started_at && dateTime(run.started_at)],
                [t("facts.finished"), run.finished_at && dateTime(run.finished_at)],
                [t("facts.took"), took !== null && !active ? duration(took) : null],
                [t("facts.attempt"), run.attempt > 1 ? String(run.attempt) : null],
                ...parameters,
              ]}
            />
          </Card>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          {run.curve.length > 1 ? (
            <Suspense fallback={<Skeleton height={320} radius={12} />}>
              <Curve points={run.curve} />
            </Suspense>
          ) : (
            <LogTail log={log} active={active} />
          )}
        </Grid.Col>
      </Grid>
      {run.curve.length > 1 && <LogTail log={log} active={active} />}
    </Stack>
  );
}

const OUTCOMES = {
  model: { path: "/models", key: "outcome.model" },
  evaluation: { path: "/evaluate", key: "outcome.evaluation" },
} as const;

/** What a finished run gave, one click away. */
function Outcome({ run }: { run: Run }) {
  const { t } = useTranslation("runs");
  if (run.status !== "succeeded" || !run.outcome) return null;
  const outcome = run.outcome;
  const links = (Object.keys(OUTCOMES) as (keyof typeof OUTCOMES)[]).filter(
    (name) => typeof outcome[name] === "string",
  );
  return (
    <Group>
      {links.map((name) => (
        <Button
          key={name}
          component={Link}
          to={`${OUTCOMES[name].path}/${String(outcome[name])}`}
          rightSection={<IconArrowRight size={16} aria-hidden />}
        >
          {t(OUTCOMES[name].key)}
        </Button>
      ))}
      {run.kind === "snapshot" && (
        <Button component={Link} to="/snapshots" rightSection={<IconArrowRight size={16} aria-hidden />}>
          {t("outcome.snapshot")}
        </Button>
      )}
    </Group>
  );
}
