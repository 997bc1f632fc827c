import { Alert, Button, Group } from "@mantine/core";
import { IconArrowRight, IconEyeExclamation, IconShieldCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";

import { useBlockedList } from "../../api/gate";
import type { BlockedRow } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { SyntheticBadge } from "../../panels/badges";
import { Card } from "../../panels/Card";
import { Empty } from "../../panels/Empty";
import { Failure } from "../../panels/Failure";
import { LoadMore } from "../../panels/LoadMore";
import { RowsLoading } from "../../panels/Loading";
import { Page } from "../../panels/Page";

/** /blocked: films that wait because writing was found on them, the oldest first. */
export function Component() {
  const { t } = useTranslation("gate");
  const blocked = useBlockedList();
  const rows = blocked.data?.pages.flatMap((page) => page.results) ?? [];
  const first = rows[0];
  return (
    <Page
      title={t("blocked.title")}
      intro={t("blocked.intro")}
      width={960}
      actions={
        first && (
          <Button component={Link} to={`/blocked/${first.id}`} rightSection={<IconArrowRight size={16} aria-hidden />}>
            {t("blocked.start")}
          </Button>
        )
      }
    >
      <Card>
        {blocked.isPending && <RowsLoading rows={5} height={36} />}
        {blocked.isError && rows.length === 0 && <Failure error={blocked.error} retry={() => void blocked.refetch()} />}
        {blocked.isSuccess && rows.length === 0 && (
          <Empty
            icon={IconShieldCheck}
            title={t("blocked.emptyTitle")}
            text={t("blocked.emptyText")}
            action={
              <Button component={Link} to="/intake" variant="default">
                {t("intake.title")}
              </Button>
            }
          />
        )}
        {rows.length > 0 && (
          <>
            <Alert color="yellow" variant="light" icon={<IconEyeExclamation aria-hidden />} mb="sm">
              {t("blocked.warning")}
            </Alert>
            <Table rows={rows} />
            <LoadMore
              shown={rows.length}
              total={blocked.data?.pages[0]?.total ?? null}
              more={blocked.hasNextPage}
              loading={blocked.isFetchingNextPage}
              onMore={() => void blocked.fetchNextPage()}
            />
          </>
        )}
      </Card>
    </Page>
  );
}

function Table({ rows }: { readonly rows: readonly BlockedRow[] }) {
  const { t } = useTranslation("gate");
  return (
    <div className="table-wrap">
      <table className="table" data-testid="blocked-list">
        <thead>
          <tr>
            <th scope="col">{t("column.at")}</th>
            <th scope="col">{t("column.door")}</th>
            <th scope="col" className="number">
              {t("column.places")}
            </th>
            <th scope="col" className="number">
              {t("column.size")}
            </th>
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

function Row({ row }: { readonly row: BlockedRow }) {
  const { t } = useTranslation("gate");
  const { dateTime, number } = useFormat();
  const navigate = useNavigate();
  const path = `/blocked/${row.id}`;
  return (
    <tr data-link onClick={(event) => !(event.target as HTMLElement).closest("a") && void navigate(path)}>
      <td>
        <Group gap={8} wrap="nowrap">
          <Link className="row-link" to={path}>
            {dateTime(row.at)}
          </Link>
          {row.synthetic && <SyntheticBadge />}
        </Group>
      </td>
      <td>{t(`door.${row.door}`)}</td>
      <td className="number">{number(row.regions)}</td>
      <td className="number">{t("blocked.size", { columns: number(row.columns), rows: number(row.rows) })}</td>
    </tr>
  );
}
