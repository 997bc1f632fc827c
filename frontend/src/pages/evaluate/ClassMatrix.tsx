import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { ClassValues } from "../../api/figures";
import { useFormat } from "../../i18n/format";
import { useWord } from "./words";

/** Delayed, normal, advanced: by the truth down, by the model across. Off the diagonal the class has changed. */
export function ClassMatrix({ values }: { values: ClassValues }) {
  const { t } = useTranslation("evaluate");
  const { number, percent } = useFormat();
  const word = useWord();
  const { counts, classes, share, interval, n, without_reference } = values;
  return (
    <>
      <Text size="sm" mb="xs">
        <b>{share === null ? "–" : percent(share, 1)}</b>{" "}
        {interval && `(${percent(interval[0], 1)} – ${percent(interval[1], 1)})`} {t("classes.changed", { n: number(n) })}
      </Text>
      <table className="heat">
        <thead>
          <tr>
            <th scope="col">{t("classes.corner")}</th>
            {classes.map((name) => (
              <th key={name} scope="col">
                {word(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {classes.map((name, row) => (
            <tr key={name}>
              <th scope="row">{word(name)}</th>
              {classes.map((other, column) => (
                <td key={other} style={row === column ? { fontWeight: 650 } : undefined}>
                  {number(counts[row]?.[column] ?? 0)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {without_reference > 0 && (
        <Text size="xs" c="dimmed" mt="xs">
          {t("classes.without", { shown: number(without_reference), count: without_reference })}
        </Text>
      )}
    </>
  );
}
