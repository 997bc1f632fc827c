import { Button, Group, Select } from "@mantine/core";
import { IconActivity, IconPlayerPlay } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";

import { useRuns } from "../../api/runs";
import type { RunKind, RunStatus } from "../../api/types";
import { Card } from "../../panels/Card";
import { Empty } from "../../panels/Empty";
import { Failure } from "../../panels/Failure";
import { LoadMore } from "../../panels/LoadMore";
import { RowsLoading } from "../../panels/Loading";
import { Page } from "../../panels/Page";
import { TrainButton } from "../../panels/TrainDialog";
import { RunsTable } from "./RunsTable";

const KINDS: readonly RunKind[] = ["train", "evaluate", "infer", "snapshot", "demonstration"];
const STATUSES: readonly RunStatus[] = ["queued", "running", "succeeded", "failed", "cancelled"];

export function Component() {
  const { t } = useTranslation("runs");
  const { t: common } = useTranslation();
  const [parameters, setParameters] = useSearchParams();
  const kind = parameters.get("kind");
  const status = parameters.get("status");
  const runs = useRuns({ kind, status });
  const rows = runs.data?.pages.flatMap((page) => page.results) ?? [];

  function set(name: string, value: string | null) {
    const next = new URLSearchParams(parameters);
    if (value) next.set(name, value);
    else next.delete(name);
    setParameters(next, { replace: true });
  }

  return (
    <Page title={t("title")} intro={t("intro")} actions={<TrainButton />}>
      <Group gap="xs" mb="md">
        <Select
          w={180}
          aria-label={t("filter.kind")}
          placeholder={t("filter.kind")}
          clearable
          data={KINDS.map((value) => ({ value, label: common(`runKind.${value}`) }))}
          value={kind}
          onChange={(value) => set("kind", value)}
        />
        <Select
          w={160}
          aria-label={t("filter.status")}
          placeholder={t("filter.status")}
          clearable
          data={STATUSES.map((value) => ({ value, label: common(`runStatus.${value}`) }))}
          value={status}
          onChange={(value) => set("status", value)}
        />
      </Group>
      <Card>
        {runs.isPending && <RowsLoading rows={6} height={40} />}
        {runs.isError && rows.length === 0 && <Failure error={runs.error} retry={() => void runs.refetch()} />}
        {runs.isSuccess && rows.length === 0 && (
          <Empty
            icon={kind || status ? IconActivity : IconPlayerPlay}
            title={t("empty.title")}
            text={t("empty.text")}
            action={
              <Button component={Link} to="/snapshots" variant="default">
                {t("empty.button")}
              </Button>
            }
          />
        )}
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
    </Page>
  );
}
