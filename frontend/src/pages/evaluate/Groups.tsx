import { NumberInput, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Query } from "../../api/address";
import { figureCsv, useFigure } from "../../api/evaluations";
import type { NeedValues, SubgroupValues } from "../../api/figures";
import type { Evaluation } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { bandLabel } from "./bands";
import { useCaseFilter } from "./caseFilter";
import { FigureCard } from "./FigureCard";
import { MeasureWhiskers } from "./MeasureWhiskers";
import { useWord } from "./words";

interface Props {
  evaluation: Evaluation;
  query: Query;
}

/** Sites, devices, years beside each other; and which age years need more films. */
export function Groups(props: Props) {
  return (
    <Stack gap="lg">
      <Subgroups {...props} />
      <Need {...props} />
    </Stack>
  );
}

function Subgroups({ evaluation, query }: Props) {
  const { t } = useTranslation("evaluate");
  const word = useWord();
  const figure = useFigure<SubgroupValues>(evaluation.id, "subgroups", query);
  return (
    <FigureCard
      evaluation={evaluation}
      title={t("subgroups.title")}
      intro={t("subgroups.intro")}
      figure={figure}
      csv={figureCsv(evaluation.id, "subgroups", query)}
    >
      {({ rows }, drawing) => (
        <MeasureWhiskers
          drawing={drawing}
          label={t("subgroups.title")}
          rows={rows.map(({ by, group, measures }) => ({
            label: `${t(`filter.${by as "site"}`)} · ${word(group)}`,
            measures,
          }))}
        />
      )}
    </FigureCard>
  );
}

const DEFAULT_YEARS = 0.1;

/** Future work 3 of the paper: how many films a band still needs for its MAE to be known as well as wanted. */
function Need({ evaluation, query }: Props) {
  const { t } = useTranslation("evaluate");
  const { t: common } = useTranslation();
  const { number } = useFormat();
  const { address, set } = useCaseFilter();
  const years = Number(address.get("half_width_years") ?? DEFAULT_YEARS);
  const asked: Query = { ...query, half_width_months: Number((years * 12).toFixed(4)) };
  const figure = useFigure<NeedValues>(evaluation.id, "data_need", asked);
  return (
    <FigureCard
      evaluation={evaluation}
      title={t("need.title")}
      intro={t("need.intro")}
      figure={figure}
      csv={figureCsv(evaluation.id, "data_need", asked)}
      height={500}
    >
      {({ rows }) => (
        <>
          <NumberInput
            size="xs"
            maw={260}
            mb="sm"
            label={t("need.wanted")}
            min={0.01}
            max={5}
            step={0.05}
            decimalScale={2}
            value={years}
            onChange={(value) => Number(value) > 0 && set({ half_width_years: String(value) })}
          />
          <div className="table-wrap">
            <table className="heat">
              <thead>
                <tr>
                  <th scope="col">{t("table3.band")}</th>
                  {(["female", "male"] as const).map((sex) => (
                    <NeedHead key={sex} name={common(`sex.${sex === "female" ? "F" : "M"}`)} />
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows
                  .filter(({ sex }) => sex === "female")
                  .map((row) => (
                    <tr key={row.band}>
                      <th scope="row">{bandLabel(row)}</th>
                      {(["female", "male"] as const).map((sex) => {
                        const cell = rows.find((one) => one.band === row.band && one.sex === sex);
                        if (!cell) return null;
                        const lacking = (cell.missing ?? 0) > 0;
                        return (
                          <NeedCells
                            key={sex}
                            n={number(cell.n)}
                            width={cell.half_width_months === null ? "–" : `± ${number(cell.half_width_months / 12, 2)}`}
                            needed={cell.needed === null ? "–" : `${number(cell.needed)}${cell.borrowed ? "*" : ""}`}
                            missing={lacking ? `+ ${number(cell.missing ?? 0)}` : t("need.enough")}
                            lacking={lacking}
                          />
                        );
                      })}
                    </tr>
                  ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </FigureCard>
  );
}

function NeedHead({ name }: { name: string }) {
  const { t } = useTranslation("evaluate");
  return (
    <>
      <th scope="col">{`${name} · n`}</th>
      <th scope="col">{t("need.now")}</th>
      <th scope="col">{t("need.needed")}</th>
      <th scope="col">{t("need.missing")}</th>
    </>
  );
}

function NeedCells({ n, width, needed, missing, lacking }: { n: string; width: string; needed: string; missing: string; lacking: boolean }) {
  return (
    <>
      <td className="n">{n}</td>
      <td>{width}</td>
      <td>{needed}</td>
      <td style={lacking ? { fontWeight: 650 } : undefined} className={lacking ? undefined : "n"}>
        {missing}
      </td>
    </>
  );
}
