import { Anchor, Button, Group } from "@mantine/core";
import { IconDownload, IconEye } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { openingsFile, useOpenings } from "../../api/results";
import type { Texts } from "../../i18n";
import { useFormat } from "../../i18n/format";
import { Card } from "../../panels/Card";
import { Empty } from "../../panels/Empty";
import { Failure } from "../../panels/Failure";
import { RowsLoading } from "../../panels/Loading";
import { Page } from "../../panels/Page";
import { personName } from "../../panels/personName";

type Place = keyof Texts["references"]["openings"]["place"];

/** Who opened which film, result or report, newest first; the file holds all of it. */
export function Component() {
  const { t, i18n } = useTranslation("references");
  const { t: common } = useTranslation();
  const { dateTime } = useFormat();
  const [cursors, setCursors] = useState<(string | null)[]>([null]);
  const openings = useOpenings(cursors.at(-1) ?? null);
  const rows = openings.data?.results ?? [];
  const next = openings.data?.next;
  const placeName = (place: string) =>
    i18n.exists(`references:openings.place.${place}`) ? t(`openings.place.${place as Place}`) : place;
  return (
    <Page
      title={t("openings.title")}
      intro={t("openings.intro")}
      width={1000}
      actions={
        <Button component="a" href={openingsFile()} download variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
          {t("openings.file")}
        </Button>
      }
    >
      <Card>
        {openings.isPending && <RowsLoading rows={8} height={30} />}
        {openings.isError && <Failure error={openings.error} retry={() => void openings.refetch()} />}
        {openings.isSuccess && rows.length === 0 && (
          <Empty icon={IconEye} title={t("openings.emptyTitle")} text={t("openings.emptyText")} />
        )}
        {rows.length > 0 && (
          <div className="table-wrap" tabIndex={0}>
            <table className="table">
              <thead>
                <tr>
                  {(["at", "who", "what", "where", "film"] as const).map((name) => (
                    <th key={name} scope="col">
                      {t(`openings.${name}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map((row, index) => (
                  <tr key={index}>
                    <td>{dateTime(row.at)}</td>
                    <td>{personName(row.who)}</td>
                    <td>{t(`openings.kind.${row.kind}`)}</td>
                    <td>{placeName(row.place)}</td>
                    <td>
                      <Anchor component={Link} to={`/studies/${row.study}`} size="sm">
                        {row.pseudonym}
                      </Anchor>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        <Group mt="sm">
          {cursors.length > 1 && (
            <Button size="xs" variant="default" onClick={() => setCursors(cursors.slice(0, -1))}>
              {t("openings.newer")}
            </Button>
          )}
          {next && (
            <Button size="xs" variant="default" loading={openings.isFetching} onClick={() => setCursors([...cursors, next])}>
              {common("action.loadMore")}
            </Button>
          )}
        </Group>
      </Card>
    </Page>
  );
}
