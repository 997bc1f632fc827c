import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Grid, Skeleton, Stack } from "@mantine/core";

import type { Reader, ReaderFigures } from "../../api/types";
import { Card } from "../../panels/Card";
import { MeasureCells, MeasureHeads } from "./MeasureCells";

const ReaderAltman = lazy(() => import("./ReaderAltman"));
const Drift = lazy(() => import("./Drift"));

/** One reader by sex and age, as points, and over time. */
export function ReaderDetail({ reader, figures }: { reader: Reader; figures: ReaderFigures }) {
  return (
    <Stack gap="lg" data-testid="reader-detail">
      <ByGroup reader={reader} fewest={figures.fewest} />
      {reader.overall.measures && (
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, lg: 6 }}>
            <Suspense fallback={<Skeleton height={330} radius={12} />}>
              <ReaderAltman reader={reader} />
            </Suspense>
          </Grid.Col>
          <Grid.Col span={{ base: 12, lg: 6 }}>
            <Suspense fallback={<Skeleton height={330} radius={12} />}>
              <Drift reader={reader} block={figures.block} />
            </Suspense>
          </Grid.Col>
        </Grid>
      )}
    </Stack>
  );
}

function ByGroup({ reader, fewest }: { reader: Reader; fewest: number }) {
  const { t } = useTranslation("readers");
  const { t: common } = useTranslation();
  const rows = [
    { name: t("detail.all"), group: reader.overall },
    { name: common("sex.F"), group: reader.by_sex.F },
    { name: common("sex.M"), group: reader.by_sex.M },
    ...reader.by_band.map((group) => ({
      name:
        group.to_years === null
          ? t("detail.last", { from: group.from_years })
          : t("detail.band", { from: group.from_years, to: group.to_years }),
      group,
    })),
  ];
  return (
    <Card title={t("detail.title", { name: reader.reader.display_name })} intro={t("detail.intro")}>
      <div className="table-wrap">
        <table className="table readers-table">
          <thead>
            <tr>
              <th scope="col">{t("detail.group")}</th>
              <MeasureHeads />
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, group }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <MeasureCells n={group.n} measures={group.measures} fewest={fewest} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
