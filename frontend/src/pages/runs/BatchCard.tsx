import { Button } from "@mantine/core";
import { IconPlayerStop } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useCancelRun, useRuns } from "../../api/runs";
import type { Run, RunStatus } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Card } from "../../panels/Card";
import { Failure } from "../../panels/Failure";
import { LoadMore } from "../../panels/LoadMore";
import { RowsLoading } from "../../panels/Loading";
import { RunsTable } from "./RunsTable";

/**
 * All parts of one piece of work that was shared out, and one button that takes back what has not ended. A batch that
 * bears the id of a run is led by it: its parts are taken back by taking back that run.
 */
export function BatchCard({ run, batch }: { run: Run; batch: string }) {
  const { t } = useTranslation("runs");
  const { number } = useFormat();
  const runs = useRuns({ batch });
  const leads = run.id === batch;
  const all = runs.data?.pages.flatMap((page) => page.results) ?? [];
  const rows = leads ? all.filter((one) => one.id !== batch) : all;
  const total = runs.data?.pages[0]?.total ?? null;
  const cancel = useCancelRun(run.id);
  const counts = runs.data?.pages[0]?.by_status ?? {};
  const count = (...statuses: RunStatus[]) => number(statuses.reduce((sum, status) => sum + (counts[status] ?? 0), 0));
  const chunks = run.kind === "train" || run.kind === "features";
  const open = (counts["queued"] ?? 0) + (counts["running"] ?? 0) > 0 && !chunks;
  return (
    <Card
      title={t(chunks ? "batch.chunks" : "batch.title")}
      intro={
        chunks
          ? t("batch.chunksIntro", {
              parts: number(Number(rows.find((one) => one.kind === "features")?.parameters["parts"] ?? rows.length)),
              ended: count("succeeded"),
              running: count("running"),
              waiting: count("queued"),
            })
          : t("batch.intro", {
              ended: count("succeeded", "failed", "cancelled"),
              total: count("succeeded", "failed", "cancelled", "queued", "running"),
            })
      }
      tools={
        open && (
          <Button
            size="compact-sm"
            color="red"
            variant="light"
            loading={cancel.isPending}
            leftSection={<IconPlayerStop size={14} aria-hidden />}
            onClick={() => cancel.mutate(true)}
          >
            {t("batch.cancel")}
          </Button>
        )
      }
    >
      {runs.isPending && <RowsLoading rows={3} height={36} />}
      {runs.isError && rows.length === 0 && <Failure error={runs.error} retry={() => void runs.refetch()} />}
      {cancel.isError && <Failure error={cancel.error} />}
      {rows.length > 0 && (
        <>
          <RunsTable rows={rows} />
          <LoadMore
            shown={rows.length}
            total={total !== null && leads ? total - 1 : total}
            more={runs.hasNextPage}
            loading={runs.isFetchingNextPage}
            onMore={() => void runs.fetchNextPage()}
          />
        </>
      )}
    </Card>
  );
}
