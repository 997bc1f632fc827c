import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { SdsRow } from "../../api/types";
import { useFormat } from "../../i18n/format";
import classes from "./result.module.css";

const MARGIN = 0.08;

/** Bone age against the normal range of the named table: a bar to look at, and the same in words. */
export function NormalRange({
  boneAge,
  chronologicalAge,
  named,
}: {
  boneAge: number;
  chronologicalAge: number | null;
  named: SdsRow | undefined;
}) {
  const { t } = useTranslation("result");
  const { age, language, signed } = useFormat();
  if (!named || chronologicalAge === null) return null;
  const name = language === "zh-Hans" ? named.name_zh : named.name_en;
  const range = named.normal_range_months;
  if (!range || named.sds === null || named.class === null) {
    return (
      <Text size="sm" my="sm" data-testid="no-reference">
        {t("noReference", { table: name })}
      </Text>
    );
  }
  const [low, high] = [range[0] as number, range[1] as number];
  const first = Math.min(low, boneAge);
  const last = Math.max(high, boneAge);
  const room = (last - first) * MARGIN;
  const place = (months: number) => `${(100 * (months - first + room)) / (last - first + 2 * room)}%`;
  return (
    <div className={classes.range} data-testid="normal-range">
      <Text size="sm" fw={600}>
        {t("sdsLine", { sds: signed(named.sds, 1), class: t(`ageClass.${named.class}`) })}
      </Text>
      <div className={classes.bar} aria-hidden>
        <span className={classes.normal} style={{ left: place(low), width: `calc(${place(high)} - ${place(low)})` }} />
        <span className={classes.age} style={{ left: place(chronologicalAge) }} />
        <span className={classes.bone} data-class={named.class} style={{ left: place(boneAge) }} />
      </div>
      <Text size="xs" c="dimmed">
        {t("rangeLine", { low: age(low), high: age(high), table: name })}
      </Text>
    </div>
  );
}
