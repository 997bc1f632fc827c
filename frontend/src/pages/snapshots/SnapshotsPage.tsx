import { Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDatabase, IconLock, IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useSnapshots } from "../../api/snapshots";
import type { Snapshot } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Mark, SyntheticBadge } from "../../panels/badges";
import { Card } from "../../panels/Card";
import { Empty } from "../../panels/Empty";
import { Failure } from "../../panels/Failure";
import { RowsLoading } from "../../panels/Loading";
import { Page } from "../../panels/Page";
import { TrainButton } from "../../panels/TrainDialog";
import { countsOf } from "./counts";
import { NewSnapshotDialog } from "./NewSnapshotDialog";

export function Component() {
  const { t } = useTranslation("snapshots");
  const snapshots = useSnapshots();
  const [opened, { open, close }] = useDisclosure(false);
  const rows = snapshots.data?.results ?? [];
  const create = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
      {t("create")}
    </Button>
  );
  return (
    <Page title={t("title")} intro={t("intro")} actions={rows.length > 0 && create}>
      <Card>
        {snapshots.isPending && <RowsLoading rows={4} height={44} />}
        {snapshots.isError && !snapshots.data && (
          <Failure error={snapshots.error} retry={() => void snapshots.refetch()} />
        )}
        {snapshots.isSuccess && rows.length === 0 && (
          <Empty icon={IconDatabase} title={t("empty.title")} text={t("empty.text")} action={create} />
        )}
        {rows.length > 0 && <SnapshotsTable rows={rows} />}
      </Card>
      {opened && <NewSnapshotDialog onClose={close} />}
    </Page>
  );
}

function SnapshotsTable({ rows }: { rows: readonly Snapshot[] }) {
  const { t } = useTranslation("snapshots");
  const { dateTime, number } = useFormat();
  return (
    <div className="table-wrap">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t("column.name")}</th>
            <th scope="col">{t("column.made")}</th>
            <th scope="col">{t("column.counts")}</th>
            <th scope="col">{t("column.test")}</th>
            <th scope="col">{t("column.hash")}</th>
            <th scope="col">{t("column.use")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((snapshot) => (
            <tr key={snapshot.id}>
              <td>
                <Group gap={8}>
                  <Link className="row-link" to={`/snapshots/${snapshot.id}`}>
                    {snapshot.name}
                  </Link>
                  {snapshot.synthetic && <SyntheticBadge />}
                </Group>
              </td>
              <td style={{ whiteSpace: "nowrap" }}>{dateTime(snapshot.created_at)}</td>
              <td>
                <Text size="sm" c="dimmed">
                  {countsOf(snapshot)
                    .map(([name, count]) => `${number(count)} ${t(`count.${name}`)}`)
                    .join(" · ")}
                </Text>
              </td>
              <td>
                {snapshot.test_locked && (
                  <Mark tone="info" icon={IconLock}>
                    {t("locked")}
                  </Mark>
                )}
                {snapshot.evaluations_so_far > 0 && (
                  <Text size="xs" c="dimmed">
                    {t("asked", { count: snapshot.evaluations_so_far })}
                  </Text>
                )}
              </td>
              <td>
                <code>{snapshot.hash.slice(0, 12)}</code>
              </td>
              <td>
                <TrainButton snapshot={snapshot.id} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
