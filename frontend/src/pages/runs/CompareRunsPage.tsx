import { Anchor, Skeleton, Stack, Text } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";

import { usePresets, useRun } from "../../api/runs";
import type { Preset, Run } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { RunStatusBadge } from "../../panels/badges";
import { Card } from "../../panels/Card";
import { Failure } from "../../panels/Failure";
import { CardsLoading } from "../../panels/Loading";
import { Page } from "../../panels/Page";
import { differing, settingsOf, settingText } from "../../panels/settingText";
import { runSeconds } from "./RunsTable";

const CompareCurves = lazy(() => import("./CompareCurves"));

/** Two trainings side by side: what they were told, and how they learnt. */
export function Component() {
  const { t } = useTranslation("runs");
  const [address] = useSearchParams();
  const first = useRun(address.get("first") ?? "");
  const second = useRun(address.get("second") ?? "");
  const presets = usePresets();
  const asked = [first, second, presets];
  const failed = asked.find((query) => query.isError && !query.data);
  return (
    <Page title={t("compare.title")} intro={t("compare.intro")}>
      {failed ? (
        <Failure error={failed.error} retry={() => asked.forEach((query) => void query.refetch())} />
      ) : first.data && second.data && presets.data ? (
        <Compared runs={[first.data, second.data]} presets={presets.data.results} />
      ) : (
        <CardsLoading cards={2} height={260} />
      )}
    </Page>
  );
}

function Compared({ runs, presets }: { runs: readonly [Run, Run]; presets: readonly Preset[] }) {
  const { t } = useTranslation("runs");
  const { dateTime, duration, percent } = useFormat();
  const [first, second] = runs.map((run) => settingsOf(presets, run.parameters)) as [
    Record<string, unknown>,
    Record<string, unknown>,
  ];
  const others = differing(first, second);
  const took = (run: Run) => {
    const seconds = runSeconds(run);
    return seconds === null ? "–" : duration(seconds);
  };
  const lines: [string, (run: Run) => React.ReactNode][] = [
    [t("column.status"), (run) => <RunStatusBadge status={run.status} />],
    [t("column.started"), (run) => dateTime(run.started_at ?? run.created_at)],
    [t("column.took"), took],
    [t("compare.done"), (run) => percent((run.percent ?? 0) / 100)],
    [t("parameter.snapshot"), (run) => <SnapshotLink run={run} />],
    [t("compare.model"), (run) => <ModelLink run={run} />],
  ];
  return (
    <Stack gap="lg">
      <Card title={t("compare.about")}>
        <div className="table-wrap">
          <table className="table">
            <Head runs={runs} first={t("compare.what")} />
            <tbody>
              {lines.map(([name, show]) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  {runs.map((run, index) => (
                    <td key={index}>{show(run)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Card>
      <Card title={t("compare.settings")} intro={t("compare.settingsIntro")}>
        {others.length === 0 ? (
          <Text size="sm">{t("compare.same")}</Text>
        ) : (
          <div className="table-wrap">
            <table className="table">
              <Head runs={runs} first={t("train.setting")} />
              <tbody>
                {others.map((name) => (
                  <tr key={name}>
                    <th scope="row">
                      <code>{name}</code>
                    </th>
                    {[first, second].map((settings, index) => (
                      <td key={index}>{name in settings ? settingText(settings[name]) : "–"}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Card>
      <Suspense fallback={<Skeleton height={320} radius={12} />}>
        <CompareCurves runs={runs} />
      </Suspense>
    </Stack>
  );
}

function Head({ runs, first }: { runs: readonly [Run, Run]; first: string }) {
  const { t } = useTranslation("runs");
  return (
    <thead>
      <tr>
        <th scope="col">{first}</th>
        {runs.map((run, index) => (
          <th key={index} scope="col">
            <Anchor component={Link} to={`/runs/${run.id}`} size="sm">
              {t(index === 0 ? "compare.first" : "compare.second")} · {run.id.slice(0, 8)}
            </Anchor>
          </th>
        ))}
      </tr>
    </thead>
  );
}

function SnapshotLink({ run }: { run: Run }) {
  const id = run.parameters["snapshot"];
  if (typeof id !== "string") return "–";
  return (
    <Anchor component={Link} to={`/snapshots/${id}`} size="sm">
      {id.slice(0, 8)}
    </Anchor>
  );
}

function ModelLink({ run }: { run: Run }) {
  const { t } = useTranslation("runs");
  const id = run.outcome["model"];
  if (typeof id !== "string") return "–";
  return (
    <Anchor component={Link} to={`/models/${id}`} size="sm">
      {t("outcome.model")}
    </Anchor>
  );
}
