import { Button, Group, NumberInput, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useCohorts } from "../../api/snapshots";
import { useSession } from "../../api/session";
import { STUDY_STATES, type Sex, type StudyState } from "../../api/types";
import { HAS, isFiltered, ORDERS, type Has, type Order, type StudyFilters } from "./filters";

/** What is looked for; every choice stands in the address, so that it can be kept and sent on. */
export function FilterBar({
  filters,
  onChange,
}: {
  filters: StudyFilters;
  onChange: (filters: StudyFilters) => void;
}) {
  const { t } = useTranslation("studies");
  const { t: common } = useTranslation();
  const set = (change: Partial<StudyFilters>) => onChange({ ...filters, ...change });

  return (
    <Group gap={8} mb="md" role="search" align="flex-end">
      <SearchField key={filters.q === "" ? "empty" : "filled"} value={filters.q} onChange={(q) => set({ q })} />
      <Select
        w={116}
        aria-label={t("filter.state")}
        placeholder={t("filter.state")}
        clearable
        data={STUDY_STATES.map((state) => ({ value: state, label: common(`studyState.${state}`) }))}
        value={filters.state}
        onChange={(state) => set({ state: state as StudyState | null })}
      />
      <Select
        w={96}
        aria-label={t("filter.sex")}
        placeholder={t("filter.sex")}
        clearable
        data={(["F", "M"] as const).map((sex) => ({ value: sex, label: common(`sex.${sex}`) }))}
        value={filters.sex}
        onChange={(sex) => set({ sex: sex as Sex | null })}
      />
      <Select
        w={118}
        aria-label={t("filter.has")}
        placeholder={t("filter.has")}
        clearable
        data={HAS.map((has) => ({ value: has, label: t(`has.${has}`) }))}
        value={filters.has}
        onChange={(has) => set({ has: has as Has | null })}
      />
      <CohortField value={filters.cohort} onChange={(cohort) => set({ cohort })} />
      <YearsField label={t("filter.ageFrom")} value={filters.ageFromYears} onChange={(value) => set({ ageFromYears: value })} />
      <YearsField label={t("filter.ageTo")} value={filters.ageToYears} onChange={(value) => set({ ageToYears: value })} />
      <Select
        w={132}
        aria-label={t("filter.order")}
        allowDeselect={false}
        data={ORDERS.map((order) => ({ value: order, label: t(`order.${order}`) }))}
        value={filters.order}
        onChange={(order) => set({ order: (order ?? "-received_at") as Order })}
      />
      {isFiltered(filters) && (
        <Button
          variant="subtle"
          leftSection={<IconX size={16} aria-hidden />}
          onClick={() =>
            onChange({ ...filters, q: "", state: null, sex: null, cohort: null, has: null, ageFromYears: null, ageToYears: null })
          }
        >
          {t("filter.reset")}
        </Button>
      )}
    </Group>
  );
}

function SearchField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation("studies");
  const [text, setText] = useState(value);
  const settle = useDebouncedCallback(onChange, 250);
  return (
    <TextInput
      w={200}
      type="search"
      aria-label={t("filter.search")}
      placeholder={t("filter.search")}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        settle(event.currentTarget.value);
      }}
    />
  );
}

function CohortField({ value, onChange }: { value: string | null; onChange: (value: string | null) => void }) {
  const { t } = useTranslation("studies");
  const { has } = useSession();
  if (!has("researcher") && !has("administrator") && !has("reviewer")) return null;
  return <CohortSelect value={value} onChange={onChange} label={t("filter.cohort")} />;
}

function CohortSelect({
  value,
  onChange,
  label,
}: {
  value: string | null;
  onChange: (value: string | null) => void;
  label: string;
}) {
  const cohorts = useCohorts();
  const data = (cohorts.data?.results ?? []).map((cohort) => ({ value: cohort.id, label: cohort.name }));
  if (data.length === 0) return null;
  return <Select w={124} aria-label={label} placeholder={label} clearable data={data} value={value} onChange={onChange} />;
}

function YearsField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: number | null;
  onChange: (value: number | null) => void;
}) {
  const settle = useDebouncedCallback(onChange, 300);
  return (
    <NumberInput
      w={122}
      aria-label={label}
      placeholder={label}
      min={0}
      max={30}
      allowNegative={false}
      hideControls
      value={value ?? ""}
      onChange={(next) => settle(typeof next === "number" ? next : null)}
    />
  );
}
