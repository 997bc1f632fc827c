import { Button, Group, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { IconDownload, IconVectorTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";

import { boxAgreementFile, useBoxAgreement } from "../../api/boxAgreement";
import { useCohorts } from "../../api/snapshots";
import { COMPARED, type BoxAgreement, type Compared } from "../../api/types";
import { usePeopleChoices } from "../../api/worklists";
import { useFormat } from "../../i18n/format";
import { SyntheticBadge } from "../../panels/badges";
import { Card } from "../../panels/Card";
import { Empty } from "../../panels/Empty";
import { Failure } from "../../panels/Failure";
import { RowsLoading } from "../../panels/Loading";
import { Page } from "../../panels/Page";
import { PeopleTable, RegionTable } from "./tables";

/** How far apart the same regions are drawn: between two labellers, before and after review, by model and people. */
export function Component() {
  const { t } = useTranslation("agreement");
  const [parameters, setParameters] = useSearchParams();
  const what = COMPARED.find((known) => known === parameters.get("what")) ?? "labellers";
  const cohort = parameters.get("cohort");
  const labeller = parameters.get("labeller");
  const query = { what, cohort, labeller };
  const agreement = useBoxAgreement(query);
  const set = (change: Record<string, string | null>) => {
    const next = Object.entries({ ...query, ...change }).filter(([, value]) => value !== null && value !== "labellers");
    setParameters(Object.fromEntries(next) as Record<string, string>, { replace: true });
  };
  const data = agreement.data;

  return (
    <Page
      title={t("title")}
      intro={t("intro")}
      actions={
        data && data.films > 0 ? (
          <Button component="a" href={boxAgreementFile(query)} download variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
            {t("csv")}
          </Button>
        ) : undefined
      }
    >
      <Group gap={10} mb="md">
        <SegmentedControl aria-label={t("what")} data={COMPARED.map((each) => ({ value: each, label: t(`compared.${each}`) }))} value={what} onChange={(next) => set({ what: next })} />
        <CohortSelect value={cohort} onChange={(next) => set({ cohort: next })} />
        <LabellerSelect value={labeller} onChange={(next) => set({ labeller: next })} />
      </Group>
      {agreement.isPending && <RowsLoading rows={10} height={30} />}
      {agreement.isError && !data && <Failure error={agreement.error} retry={() => void agreement.refetch()} />}
      {data && data.films === 0 && <Nothing what={what} />}
      {data && data.films > 0 && (
        <Stack gap="lg" style={{ opacity: agreement.isPlaceholderData ? 0.5 : 1 }}>
          <Card title={<Headline data={data} />} intro={t(`comparedWhy.${data.what}`)} tools={data.synthetic && <SyntheticBadge />}>
            <RegionTable data={data} />
          </Card>
          {data.what !== "model" && data.people.length > 0 && (
            <Card title={t("people.title")} intro={t("people.intro")}>
              <PeopleTable data={data} />
            </Card>
          )}
        </Stack>
      )}
    </Page>
  );
}

/** One sentence: distance, overlap, n. */
function Headline({ data }: { data: BoxAgreement }) {
  const { t } = useTranslation("agreement");
  const { number } = useFormat();
  const { distance_percent: distance, distance_mm: mm, iou } = data.overall;
  return (
    <>
      {distance && t("headline", { percent: number(distance.mean, 2), mm: mm ? t("headlineMm", { mm: number(mm.mean, 2) }) : "", iou: iou ? number(iou.mean, 3) : "", count: data.films })}
      {data.films_in_all > data.films && <Text size="xs" c="dimmed">{t("newest", { films: number(data.films), all: number(data.films_in_all) })}</Text>}
    </>
  );
}

function Nothing({ what }: { what: Compared }) {
  const { t } = useTranslation("agreement");
  return (
    <Card>
      <Empty
        icon={IconVectorTriangle}
        title={t(`empty.${what}.title`)}
        text={t(`empty.${what}.text`)}
        action={
          what === "labellers" ? (
            <Button component={Link} to="/settings/protocol">
              {t("empty.toProtocol")}
            </Button>
          ) : undefined
        }
      />
    </Card>
  );
}

function CohortSelect({ value, onChange }: { value: string | null; onChange: (value: string | null) => void }) {
  const { t } = useTranslation("agreement");
  const cohorts = useCohorts();
  const data = (cohorts.data?.results ?? []).map(({ id, name }) => ({ value: id, label: name }));
  if (data.length === 0) return null;
  return <Select w={170} aria-label={t("cohort")} placeholder={t("cohort")} clearable data={data} value={value} onChange={onChange} />;
}

function LabellerSelect({ value, onChange }: { value: string | null; onChange: (value: string | null) => void }) {
  const { t } = useTranslation("agreement");
  const people = usePeopleChoices();
  const data = (people.data ?? [])
    .filter(({ roles }) => roles.includes("labeller") || roles.includes("reviewer"))
    .map((person) => ({ value: person.id, label: person.display_name || person.username }));
  return <Select w={190} aria-label={t("labeller")} placeholder={t("labeller")} clearable searchable data={data} value={value} onChange={onChange} />;
}
