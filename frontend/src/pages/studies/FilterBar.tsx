import { Button, Group, NumberInput, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback, useDisclosure } from "@mantine/hooks";
import { IconAdjustmentsHorizontal, IconSearch, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useCohorts } from "../../api/snapshots";
import { useSession } from "../../api/session";
import { LABELLING, PRIORITIES, READING, STUDY_STATES } from "../../api/types";
import { usePeopleChoices } from "../../api/worklists";
import { FINDINGS, HAS, isFiltered, NO_FILTERS, ORDERS, type Order, type StudyFilters } from "./filters";

type Change = (change: Partial<StudyFilters>) => void;
const MORE = ["has", "quality", "labeller", "assignedTo", "ageFromYears", "ageToYears", "reading"] as const;

/** What is looked for; every choice stands in the address, so that it can be kept and sent on. */
export function FilterBar({ filters, onChange }: { filters: StudyFilters; onChange: (filters: StudyFilters) => void }) {
  const { t } = useTranslation("studies");
  const { t: common } = useTranslation();
  const set: Change = (change) => onChange({ ...filters, ...change });
  const hidden = MORE.filter((name) => filters[name] !== null).length;
  const [open, { toggle }] = useDisclosure(hidden > 0);

  return (
    <search>
      <Group gap={8} mb={open ? 8 : "md"} align="flex-end">
        <SearchField key={filters.q === "" ? "empty" : "filled"} value={filters.q} onChange={(q) => set({ q })} />
        <Pick w={116} name="state" all={STUDY_STATES} word={(state) => common(`studyState.${state}`)} filters={filters} set={set} />
        <Pick w={130} name="labelling" all={LABELLING} word={(state) => common(`labelling.${state}`)} filters={filters} set={set} />
        <Pick w={110} name="priority" all={PRIORITIES} word={(priority) => common(`priority.${priority}`)} filters={filters} set={set} />
        <Pick w={96} name="sex" all={["F", "M"] as const} word={(sex) => common(`sex.${sex}`)} filters={filters} set={set} />
        <CohortField value={filters.cohort} onChange={(cohort) => set({ cohort })} />
        <Select
          w={140}
          aria-label={t("filter.order")}
          allowDeselect={false}
          data={ORDERS.map((order) => ({ value: order, label: t(`order.${order}`) }))}
          value={filters.order}
          onChange={(order) => set({ order: (order ?? "-received_at") as Order })}
        />
        <Button
          variant="default"
          aria-expanded={open}
          leftSection={<IconAdjustmentsHorizontal size={16} aria-hidden />}
          onClick={toggle}
        >
          {hidden > 0 && !open ? t("filter.moreChosen", { count: hidden }) : t("filter.more")}
        </Button>
        {isFiltered(filters) && (
          <Button variant="subtle" leftSection={<IconX size={16} aria-hidden />} onClick={() => onChange({ ...NO_FILTERS, order: filters.order })}>
            {t("filter.reset")}
          </Button>
        )}
      </Group>
      {open && <MoreFilters filters={filters} set={set} />}
    </search>
  );
}

function MoreFilters({ filters, set }: { filters: StudyFilters; set: Change }) {
  const { t } = useTranslation("studies");
  const { t: common } = useTranslation();
  return (
    <Group gap={8} mb="md" align="flex-end">
      <Pick w={130} name="reading" all={READING} word={(state) => common(`reading.${state}`)} filters={filters} set={set} />
      <Pick w={118} name="has" all={HAS} word={(has) => t(`has.${has}`)} filters={filters} set={set} />
      <Pick w={170} name="quality" all={FINDINGS} word={(code) => t(`finding.${code}`)} filters={filters} set={set} searchable />
      <YearsField label={t("filter.ageFrom")} value={filters.ageFromYears} onChange={(ageFromYears) => set({ ageFromYears })} />
      <YearsField label={t("filter.ageTo")} value={filters.ageToYears} onChange={(ageToYears) => set({ ageToYears })} />
      <PeopleFields filters={filters} set={set} />
    </Group>
  );
}

type Choices = "state" | "labelling" | "priority" | "sex" | "reading" | "has" | "quality";

function Pick<Name extends Choices>({
  name,
  all,
  word,
  w,
  filters,
  set,
  searchable = false,
}: {
  name: Name;
  all: readonly NonNullable<StudyFilters[Name]>[];
  word: (value: NonNullable<StudyFilters[Name]>) => string;
  w: number;
  filters: StudyFilters;
  set: Change;
  searchable?: boolean;
}) {
  const { t } = useTranslation("studies");
  const label = t(`filter.${name}`);
  return (
    <Select
      w={w}
      aria-label={label}
      placeholder={label}
      clearable
      searchable={searchable}
      data={all.map((value) => ({ value, label: word(value) }))}
      value={filters[name]}
      onChange={(value) => set({ [name]: value as StudyFilters[Name] })}
    />
  );
}

function PeopleFields({ filters, set }: { filters: StudyFilters; set: Change }) {
  const { t } = useTranslation("studies");
  const { has } = useSession();
  const may = has("reviewer") || has("researcher") || has("administrator");
  const people = usePeopleChoices(may);
  if (!may) return null;
  const all = people.data ?? [];
  const named = (person: (typeof all)[number]) => ({ value: person.id, label: person.display_name || person.username });
  return (
    <>
      <Select
        w={150}
        aria-label={t("filter.labeller")}
        placeholder={t("filter.labeller")}
        clearable
        searchable
        data={all.filter(({ roles }) => roles.includes("labeller") || roles.includes("reviewer")).map(named)}
        value={filters.labeller}
        onChange={(labeller) => set({ labeller })}
      />
      <Select
        w={150}
        aria-label={t("filter.assignedTo")}
        placeholder={t("filter.assignedTo")}
        clearable
        searchable
        data={all.map(named)}
        value={filters.assignedTo}
        onChange={(assignedTo) => set({ assignedTo })}
      />
    </>
  );
}

function SearchField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation("studies");
  const [text, setText] = useState(value);
  const settle = useDebouncedCallback(onChange, 250);
  return (
    <TextInput
      w={190}
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
