import { Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { isRegionId, regionName } from "../../core/regions";
import type { Texts } from "../../i18n";
import { useFormat } from "../../i18n/format";
import { Facts } from "../../panels/Facts";
import { flatten, tablesOf, withoutFigures } from "./manifest";

type KnownMeasure = keyof Texts["models"]["measure"];

/** What a record states: single values by name, and values by region or part as a table. */
export function Measures({ value }: { value: unknown }) {
  const { t } = useTranslation("models");
  const { number } = useFormat();
  const name = useMeasureName();
  const show = (measure: number) => number(measure, Number.isInteger(measure) ? 0 : 3);
  const { rest, tables } = tablesOf(withoutFigures(value));
  const entries = flatten(rest, show).map(([path, text]) => [path.split(".").map(name).join(" · "), text] as const);
  if (entries.length === 0 && tables.length === 0) return <Text size="sm">{t("card.nothing")}</Text>;
  return (
    <Stack gap="md">
      <Facts entries={entries} />
      {tables.map((table) => (
        <details key={table.path}>
          <summary style={{ cursor: "pointer", fontSize: 13.5 }}>{table.path.split(".").map(name).join(" · ")}</summary>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t("card.of")}</th>
                {table.columns.map((column) => (
                  <th key={column} scope="col" className="number">
                    {name(column)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.rows.map((row) => (
                <tr key={row.name}>
                  <td>{name(row.name)}</td>
                  {row.values.map((measure, index) => (
                    <td key={index} className="number">
                      {measure === null ? "–" : show(measure)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      ))}
    </Stack>
  );
}

function useMeasureName(): (name: string) => string {
  const { t, i18n } = useTranslation("models");
  const { language } = useFormat();
  return (name) => {
    if (isRegionId(name)) return regionName(name, language);
    return i18n.exists(`models:measure.${name}`) ? t(`measure.${name as KnownMeasure}`) : name.replaceAll("_", " ");
  };
}
