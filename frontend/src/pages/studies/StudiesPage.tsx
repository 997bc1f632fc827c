import { Button } from "@mantine/core";
import { IconFilterOff, IconUpload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

import { useStudies } from "../../api/studies";
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
import { StudiesTable } from "./StudiesTable";

export function Component() {
  const { t } = useTranslation("studies");
  const [parameters, setParameters] = useSearchParams();
  const filters = readFilters(parameters);
  const studies = useStudies(toQuery(filters));
  const rows = studies.data?.pages.flatMap((page) => page.results) ?? [];
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
            <StudiesTable rows={rows} />
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
