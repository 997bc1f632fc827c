import { Button, Code, Group, NativeSelect, Text } from "@mantine/core";
import { IconDownload, IconPhotoOff, IconSearchOff, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { casesCsv, useCases } from "../../api/evaluations";
import type { Evaluation, EvaluationCase } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Card } from "../../panels/Card";
import { Empty } from "../../panels/Empty";
import { Failure } from "../../panels/Failure";
import { RowsLoading } from "../../panels/Loading";
import { LoadMore } from "../../panels/LoadMore";
import { cameFrom, caseOrderOf, casePath, RECTANGLE, useCaseFilter } from "./caseFilter";
import { useWord } from "./words";

/** Not translated: it is typed as it stands. */
export const IMPORT_COMMAND = "python manage.py import_evaluation --report REPORT --snapshot SNAPSHOT";

const ORDERS = ["largest_error", "too_old", "too_young", "smallest_error"] as const;

/** Where the model was furthest off: one press from each to the film with its boxes and reads. */
export function Cases({ evaluation }: { evaluation: Evaluation }) {
  const { t } = useTranslation("evaluate");
  const { address, set } = useCaseFilter();
  const order = address.get("order") ?? "largest_error";
  const asked = caseOrderOf(address);
  const cases = useCases(evaluation.id, asked);
  const rows = cases.data?.pages.flatMap((page) => page.results) ?? [];
  const total = cases.data?.pages[0]?.total ?? 0;
  return (
    <Card
      title={t("cases.title")}
      intro={t("cases.intro")}
      tools={
        <Button
          component="a"
          href={casesCsv(evaluation.id, asked)}
          download
          size="compact-xs"
          variant="subtle"
          leftSection={<IconDownload size={14} aria-hidden />}
        >
          {t("files.csv")}
        </Button>
      }
    >
      <Group align="flex-end" mb="sm">
        <NativeSelect
          size="xs"
          label={t("cases.order")}
          data={ORDERS.map((value) => ({ value, label: t(`cases.${value}`) }))}
          value={order}
          onChange={(event) => set({ order: event.currentTarget.value })}
        />
        {address.has("plot") && (
          <Button
            size="xs"
            variant="light"
            rightSection={<IconX size={14} aria-hidden />}
            onClick={() => set(Object.fromEntries(RECTANGLE.map((name) => [name, null])))}
          >
            {t("cases.ofPlot")}
          </Button>
        )}
      </Group>
      {cases.isPending && <RowsLoading rows={6} height={52} />}
      {cases.isError && !cases.data && <Failure error={cases.error} retry={() => void cases.refetch()} />}
      {cases.isSuccess && rows.length === 0 && (
        <Empty icon={IconSearchOff} title={t("cases.none.title")} text={t("cases.none.text")} />
      )}
      {rows.length > 0 && (
        <>
          {rows.some((one) => !one.thumbnail_url) && (
            <Text size="sm" c="dimmed" mb="sm" data-testid="no-pictures">
              {t("cases.noPictures")} <Code>{IMPORT_COMMAND}</Code>
            </Text>
          )}
          <CasesTable evaluation={evaluation.id} rows={rows} />
          <LoadMore
            shown={rows.length}
            total={total}
            more={cases.hasNextPage}
            loading={cases.isFetchingNextPage}
            onMore={() => void cases.fetchNextPage()}
          />
        </>
      )}
    </Card>
  );
}

function CasesTable({ evaluation, rows }: { evaluation: string; rows: readonly EvaluationCase[] }) {
  const { t } = useTranslation("evaluate");
  const { t: common } = useTranslation();
  const { age, ageDifference } = useFormat();
  const word = useWord();
  const { address } = useCaseFilter();
  return (
    <div className="table-wrap">
      <table className="table" data-testid="cases">
        <thead>
          <tr>
            <th scope="col">{t("case.film")}</th>
            <th scope="col">{t("case.difference")}</th>
            <th scope="col">{t("case.truthColumn")}</th>
            <th scope="col">{t("case.modelColumn")}</th>
            <th scope="col">{t("case.chronological")}</th>
            <th scope="col">{t("case.sex")}</th>
            <th scope="col">{t("case.notes")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.row} aria-current={one.row === cameFrom(address) || undefined}>
              <td>
                {one.thumbnail_url ? (
                  <img
                    className="thumb"
                    src={one.thumbnail_url}
                    alt=""
                    loading="lazy"
                    onError={({ currentTarget }) => (currentTarget.style.visibility = "hidden")}
                  />
                ) : (
                  <IconPhotoOff size={20} aria-label={t("case.elsewhere")} />
                )}
              </td>
              <td>
                <Link className="row-link" to={casePath(evaluation, one.row, address)}>
                  {one.difference_months === null ? "–" : ageDifference(one.difference_months)}
                </Link>
              </td>
              <td>{age(one.truth_months)}</td>
              <td>{one.predicted_months === null ? "–" : age(one.predicted_months)}</td>
              <td>{one.chronological_age_months === null ? "–" : age(one.chronological_age_months)}</td>
              <td>{common(`sex.${one.sex}`)}</td>
              <td>
                <Text size="xs">{[one.rejected, one.quality].filter(Boolean).map(word).join(t("population.comma"))}</Text>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
