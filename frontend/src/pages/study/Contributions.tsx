import { Button, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Contribution, StudyResult } from "../../api/types";
import { isRegionId, regionColour, regionName, type RegionId } from "../../core/regions";
import { useFormat } from "../../i18n/format";
import type { Texts } from "../../i18n";
import { SectionTitle } from "./SectionTitle";
import classes from "./result.module.css";

const SHOWN_FIRST = 8;

/** What moved the model's age, in months that add up; a region under the pointer or the keyboard's focus is shown on the film. */
export function Contributions({
  prediction,
  onFocus,
}: {
  prediction: NonNullable<StudyResult["prediction"]>;
  onFocus: (region: RegionId | null) => void;
}) {
  const { t } = useTranslation("result");
  const { age } = useFormat();
  const [all, setAll] = useState(false);
  const rows = prediction.contributions;
  if (rows.length === 0 || prediction.base_months === null) return null;
  const largest = Math.max(...rows.map((row) => Math.abs(row.months)), 0.1);
  const shown = all ? rows : rows.slice(0, SHOWN_FIRST);
  return (
    <section data-testid="contributions">
      <SectionTitle>{t("contributions.title")}</SectionTitle>
      <Text size="xs" c="dimmed" mb={6}>
        {t("contributions.note", { base: age(prediction.base_months) })}
      </Text>
      <ul className={classes.bars}>
        {shown.map((row) => (
          <Bar key={row.owner} row={row} largest={largest} onFocus={onFocus} />
        ))}
      </ul>
      {rows.length > SHOWN_FIRST && (
        <Button size="compact-xs" variant="subtle" mt={4} onClick={() => setAll(!all)} aria-expanded={all}>
          {t(all ? "contributions.fewer" : "contributions.all")}
        </Button>
      )}
    </section>
  );
}

type Owner = keyof Texts["result"]["owner"];

function Bar({
  row,
  largest,
  onFocus,
}: {
  row: Contribution;
  largest: number;
  onFocus: (region: RegionId | null) => void;
}) {
  const { t } = useTranslation("result");
  const { language, signed } = useFormat();
  const region = isRegionId(row.owner) ? row.owner : null;
  const shownOnFilm = row.found ? region : null;
  const name = region ? regionName(region, language) : t(`owner.${row.owner as Owner}`);
  const share = (50 * Math.abs(row.months)) / largest;
  const side = row.months < 0 ? { right: "50%" } : { left: "50%" };
  return (
    <li onMouseEnter={() => shownOnFilm && onFocus(shownOnFilm)} onMouseLeave={() => onFocus(null)}>
      <span>
        {shownOnFilm ? (
          <button
            type="button"
            className={classes.region}
            title={t("contributions.show", { name })}
            onFocus={() => onFocus(shownOnFilm)}
            onBlur={() => onFocus(null)}
            onClick={() => onFocus(shownOnFilm)}
          >
            {name}
          </button>
        ) : (
          name
        )}
        {!row.found && (
          <Text span size="xs" c="var(--warn-text)">
            {" "}
            {t("contributions.notFound")}
          </Text>
        )}
      </span>
      <span className={classes.track} aria-hidden>
        <span
          className={row.found ? classes.fill : `${classes.fill} ${classes.missing}`}
          style={{
            ...side,
            width: `${share}%`,
            ...(row.found ? { background: region ? regionColour(region) : "var(--mantine-color-dimmed)" } : {}),
          }}
        />
      </span>
      <span className={classes.amount}>{t("monthsShort", { months: signed(row.months, 1) })}</span>
    </li>
  );
}
