import { Button } from "@mantine/core";
import { IconFilterOff, IconUpload } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

import { useSession } from "../../api/session";
import { useStudies } from "../../api/studies";
import type { StudyRow } from "../../api/types";
import { Card } from "../../panels/Card";
import { Empty } from "../../panels/Empty";
import { Failure } from "../../panels/Failure";
import { LoadMore } from "../../panels/LoadMore";
import { RowsLoading } from "../../panels/Loading";
import { Page } from "../../panels/Page";
import { ChooseFilms } from "../../panels/upload/ChooseFilms";
import { DropAnywhere } from "../../panels/upload/DropAnywhere";
import { isFiltered, readFilters, toQuery, writeFilters, type StudyFilters } from "./filters";
import { ExportMenu } from "./ExportMenu";
import { FilterBar } from "./FilterBar";
import { BulkBar } from "./BulkBar";
import { StudiesTable, type Selection } from "./StudiesTable";

export function Component() {
  const { t } = useTranslation("studies");
  const [parameters, setParameters] = useSearchParams();
  const filters = readFilters(parameters);
  const studies = useStudies(toQuery(filters));
  const rows = studies.data?.pages.flatMap((page) => page.results) ?? [];
  const { selection, clear } = useSelection(rows);
  const setFilters = (next: StudyFilters) => setParameters(writeFilters(next), { replace: true });

  return (
    <Page title={t("title")} intro={t("intro")} actions={<Actions cohort={filters.cohort} />}>
      <DropAnywhere />
      <FilterBar filters={filters} onChange={setFilters} />
      <Card>
        {studies.isPending && <RowsLoading rows={8} height={52} />}
        {studies.isError && rows.length === 0 && (
          <Failure error={studies.error} retry={() => void studies.refetch()} />
        )}
        {studies.isSuccess && rows.length === 0 && (
          <NothingThere filtered={isFiltered(filters)} onReset={() => setParameters({}, { replace: true })} />
        )}
        {rows.length > 0 && (
          <>
            <BulkBar chosen={[...(selection?.chosen ?? [])]} rows={rows} onClear={clear} />
            <StudiesTable rows={rows} selection={selection} />
            <LoadMore
              shown={rows.length}
              total={studies.data?.pages[0]?.total ?? null}
              more={studies.hasNextPage}
              loading={studies.isFetchingNextPage}
              onMore={() => void studies.fetchNextPage()}
            />
          </>
        )}
      </Card>
    </Page>
  );
}

const MOST_CHOSEN = 500;

/** The rows chosen among those on the screen; null for who has nothing to do with many at once. */
function useSelection(rows: readonly StudyRow[]): { selection: Selection | null; clear: () => void } {
  const { has } = useSession();
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const chosen = useMemo(() => new Set(rows.map(({ id }) => id).filter((id) => ids.has(id))), [rows, ids]);
  const clear = () => setIds(new Set());
  if (!has("reviewer") && !has("researcher") && !has("administrator")) return { selection: null, clear };
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setIds(next);
  };
  const toggleAll = () => setIds(chosen.size === rows.length ? new Set() : new Set(rows.slice(0, MOST_CHOSEN).map(({ id }) => id)));
  return { selection: { chosen, toggle, toggleAll }, clear };
}

function Actions({ cohort }: { cohort: string | null }) {
  return (
    <>
      <ChooseFilms />
      <ExportMenu cohort={cohort} />
    </>
  );
}

function NothingThere({ filtered, onReset }: { filtered: boolean; onReset: () => void }) {
  const { t } = useTranslation("studies");
  if (filtered) {
    return (
      <Empty
        icon={IconFilterOff}
        title={t("empty.filteredTitle")}
        text={t("empty.filteredText")}
        action={<Button onClick={onReset}>{t("filter.reset")}</Button>}
      />
    );
  }
  return <Empty icon={IconUpload} title={t("empty.title")} text={t("empty.text")} action={<ChooseFilms />} />;
}
