import { Button, Group, NativeSelect } from "@mantine/core";
import { IconFilterOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { FILTERS, type FilterName } from "../../api/evaluationAddresses";
import type { Evaluation } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { useCaseFilter } from "./caseFilter";
import { useWord } from "./words";

interface Choice {
  value: string;
  label: string;
}

/** Everything that decides which cases are counted; it lives in the address, so that a page can be sent to somebody. */
export function FilterBar({ evaluation }: { evaluation: Evaluation }) {
  const { t } = useTranslation("evaluate");
  const { t: common } = useTranslation();
  const { number } = useFormat();
  const word = useWord();
  const { query, set } = useCaseFilter();
  const choices: Partial<Record<FilterName, Choice[]>> = {
    truth: Object.entries(evaluation.truths)
      .filter(([, count]) => count > 0)
      .map(([value, count]) => ({ value, label: `${word(value)} (${number(count)})` })),
    sex: [
      { value: "", label: t("filter.bothSexes") },
      { value: "F", label: common("sex.F") },
      { value: "M", label: common("sex.M") },
    ],
    rejected: ["without", "with", "only"].map((value) => ({ value, label: word(value) })),
    band_by: ["bone_age", "chronological_age"].map((value) => ({ value, label: word(value) })),
  };
  if (evaluation.has_answers_without_age) {
    choices.chronological_age = ["as_asked", "withheld"].map((value) => ({ value, label: word(value) }));
  }
  for (const { by, groups } of evaluation.subgroups) {
    const names = Object.keys(groups);
    if (names.length < 2) continue;
    choices[by] = [
      { value: "", label: t("filter.all") },
      ...names.map((value) => ({ value, label: `${word(value)} (${number(groups[value] ?? 0)})` })),
    ];
  }
  const isFiltered = FILTERS.some((name) => query[name] !== undefined);
  return (
    <Group gap="sm" align="flex-end" className="no-print" role="search" aria-label={t("filter.label")}>
      {FILTERS.map((name) => {
        const data = choices[name];
        if (!data || data.length < 2) return null;
        return (
          <NativeSelect
            key={name}
            size="xs"
            label={t(`filter.${name}`)}
            data={data}
            value={String(query[name] ?? defaultOf(name, evaluation, data))}
            onChange={(event) => set({ [name]: event.currentTarget.value })}
          />
        );
      })}
      <Years name="from_years" />
      <Years name="to_years" />
      {isFiltered && (
        <Button
          size="xs"
          variant="subtle"
          leftSection={<IconFilterOff size={14} aria-hidden />}
          onClick={() => set(Object.fromEntries(FILTERS.map((name) => [name, null])))}
        >
          {t("filter.clear")}
        </Button>
      )}
    </Group>
  );
}

function defaultOf(name: FilterName, evaluation: Evaluation, data: Choice[]): string {
  return name === "band_by" ? evaluation.band_by : (data[0]?.value ?? "");
}

const OLDEST = 18;

function Years({ name }: { name: "from_years" | "to_years" }) {
  const { t } = useTranslation("evaluate");
  const { query, set } = useCaseFilter();
  return (
    <NativeSelect
      size="xs"
      label={t(`filter.${name}`)}
      data={[
        { value: "", label: t("filter.any") },
        ...Array.from({ length: OLDEST + 1 }, (_, year) => ({ value: String(year), label: String(year) })),
      ]}
      value={String(query[name] ?? "")}
      onChange={(event) => set({ [name]: event.currentTarget.value })}
    />
  );
}
