import { Button } from "@mantine/core";
import { IconPlayerStop } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { isActive, useCancelRun, useRuns } from "../../api/runs";
import { useFormat } from "../../i18n/format";
import { Card } from "../../panels/Card";
import { Failure } from "../../panels/Failure";
import { LoadMore } from "../../panels/LoadMore";
import { RowsLoading } from "../../panels/Loading";
import { RunsTable } from "./RunsTable";

/** All parts of one piece of work that was shared out, and one button that takes back what has not ended. */
export function BatchCard({ batch }: { batch: string }) {
  const { t } = useTranslation("runs");
  const { number } = useFormat();
  const runs = useRuns({ batch });
  const rows = runs.data?.pages.flatMap((page) => page.results) ?? [];
  const cancel = useCancelRun(rows[0]?.id ?? "");
  const open = rows.filter((run) => isActive(run.status) && !run.cancel_requested);
  return (
    <Card
      title={t("batch.title")}
      intro={t("batch.intro", {
        ended: number(rows.filter((run) => !isActive(run.status)).length),
        total: number(runs.data?.pages[0]?.total ?? rows.length),
      })}
      tools={
        open.length > 0 && (
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
            total={runs.data?.pages[0]?.total ?? null}
            more={runs.hasNextPage}
            loading={runs.isFetchingNextPage}
            onMore={() => void runs.fetchNextPage()}
          />
        </>
      )}
    </Card>
  );
}
