import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { BoxAgreement, BoxMeasures } from "../../api/types";
import { isRegionId, regionColour, regionName } from "../../core/regions";
import { useFormat } from "../../i18n/format";
import { personName } from "../../panels/personName";

const MEASURES = ["distance_percent", "distance_px", "distance_mm", "iou"] as const;
const DIGITS = { distance_percent: 2, distance_px: 1, distance_mm: 2, iou: 3 } as const;

export function RegionTable({ data }: { data: BoxAgreement }) {
  const { t } = useTranslation("agreement");
  const { language, number } = useFormat();
  return (
    <div className="table-wrap">
      <table className="table" data-testid="agreement-regions">
        <thead>
          <tr>
            <th scope="col">{t("column.region")}</th>
            <th scope="col" className="number">{t("column.films")}</th>
            <MeasureHeads />
            <th scope="col" className="number">{t("column.oneBoxed")}</th>
            <th scope="col" className="number">{t("column.fromTheModel")}</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{t("overall")}</th>
            <td className="number">{number(data.films)}</td>
            <Measures measures={data.overall} />
            <td className="number">{number(data.regions.reduce((sum, row) => sum + row.one_boxed, 0))}</td>
            <td className="number">{number(data.regions.reduce((sum, row) => sum + row.from_the_model, 0))}</td>
          </tr>
          {data.regions.map((row) => (
            <tr key={row.region}>
              <th scope="row" style={{ fontWeight: 400 }}>
                {isRegionId(row.region) && (
                  <>
                    <span aria-hidden style={{ display: "inline-block", width: 9, height: 9, borderRadius: 9, marginRight: 8, background: regionColour(row.region) }} />
                    {regionName(row.region, language)}
                  </>
                )}
              </th>
              <td className="number">{number(row.both_boxed)}</td>
              <Measures measures={row} />
              <td className="number">{number(row.one_boxed)}</td>
              <td className="number">{number(row.from_the_model)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function PeopleTable({ data }: { data: BoxAgreement }) {
  const { t } = useTranslation("agreement");
  const { number } = useFormat();
  return (
    <div className="table-wrap">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t("column.labeller")}</th>
            <th scope="col" className="number">{t("column.films")}</th>
            <MeasureHeads />
          </tr>
        </thead>
        <tbody>
          {data.people.map((row, index) => (
            <tr key={row.person?.id ?? index}>
              <th scope="row">{personName(row.person)}</th>
              <td className="number">{number(row.films)}</td>
              <Measures measures={row} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function MeasureHeads() {
  const { t } = useTranslation("agreement");
  return MEASURES.map((name) => (
    <th key={name} scope="col" className="number">
      {t(`measure.${name}`)}
    </th>
  ));
}

function Measures({ measures }: { measures: BoxMeasures }) {
  const { number } = useFormat();
  return MEASURES.map((name) => {
    const summary = measures[name];
    const digits = DIGITS[name];
    return (
      <td key={name} className="number">
        {summary ? number(summary.mean, digits) : "–"}
        {summary?.interval && (
          <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
            {number(summary.interval[0], digits)} – {number(summary.interval[1], digits)}
          </Text>
        )}
      </td>
    );
  });
}
