import { useTranslation } from "react-i18next";

import type { Evaluation } from "../../api/types";

/** `Test 2018 · test (locked, evaluation 2)`: which films, which part, and how often they have been asked already. */
export function usePopulationName(): (population: Evaluation["population"]) => string {
  const { t, i18n } = useTranslation("evaluate");
  return (population) => {
    const name = population.name || t("population.everything");
    const split = population.split
      ? i18n.exists(`evaluate:split.${population.split}`)
        ? t(`split.${population.split as "train" | "validation" | "test"}`)
        : population.split
      : null;
    const notes = [
      population.locked ? t("population.locked") : null,
      population.evaluations_so_far === null ? null : t("population.count", { number: population.evaluations_so_far }),
    ].filter(Boolean);
    return `${name}${split ? ` · ${split}` : ""}${notes.length ? ` (${notes.join(t("population.comma"))})` : ""}`;
  };
}
