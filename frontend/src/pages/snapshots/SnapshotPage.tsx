import { Code, Group, Select, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useParams, useSearchParams } from "react-router";

import { useSnapshot, useSnapshotContents, useSnapshots } from "../../api/snapshots";
import { useSession } from "../../api/session";
import type { Snapshot } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { ResearchUseOnly, SyntheticBadge } from "../../panels/badges";
import { Card } from "../../panels/Card";
import { Facts } from "../../panels/Facts";
import { Failure } from "../../panels/Failure";
import { CardsLoading, RowsLoading } from "../../panels/Loading";
import { Page } from "../../panels/Page";
import { TrainButton } from "../../panels/TrainDialog";
import { PopulationTable } from "../evaluate/PopulationTable";
import { PartsTable, RegionsTable } from "./ContentsTables";
import { Differences } from "./Differences";

export function Component() {
  const { t } = useTranslation("snapshots");
  const { id = "" } = useParams();
  const snapshot = useSnapshot(id);
  return (
    <Page title={snapshot.data?.name ?? t("one")} actions={snapshot.data && <TrainButton snapshot={id} />}>
      {snapshot.isPending && <CardsLoading cards={2} height={240} />}
      {snapshot.isError && !snapshot.data && (
        <Failure error={snapshot.error} retry={() => void snapshot.refetch()} />
      )}
      {snapshot.data && <SnapshotView key={id} snapshot={snapshot.data} />}
    </Page>
  );
}

/** What is frozen, how it was split, what is in it, and how it differs from another. */
function SnapshotView({ snapshot }: { snapshot: Snapshot }) {
  const { t } = useTranslation("snapshots");
  const { dateTime, percent } = useFormat();
  const { has } = useSession();
  const split = snapshot.split as Record<string, unknown>;
  const share = (name: string) => (typeof split[name] === "number" ? percent(split[name]) : null);
  return (
    <Stack gap="lg">
      <Group gap="xs">
        <ResearchUseOnly />
        {snapshot.synthetic && <SyntheticBadge />}
      </Group>
      <Card title={t("about")}>
        <Facts
          entries={[
            [t("column.made"), dateTime(snapshot.created_at)],
            [t("column.hash"), <Code key="hash">{snapshot.hash}</Code>],
            [t("dialog.testShare"), share("test_share")],
            [t("dialog.validationShare"), share("validation_share")],
            [t("dialog.seed"), typeof split["seed"] === "number" ? String(split["seed"]) : null],
            [t("column.test"), snapshot.test_locked ? t("locked") : null],
            [t("askedTitle"), snapshot.evaluations_so_far > 0 ? t("asked", { count: snapshot.evaluations_so_far }) : null],
          ]}
        />
      </Card>
      {has("reader") ? <Card>{t("readersMayNot")}</Card> : <Contents snapshot={snapshot} />}
    </Stack>
  );
}

function Contents({ snapshot }: { snapshot: Snapshot }) {
  const { t } = useTranslation("snapshots");
  const { number } = useFormat();
  const contents = useSnapshotContents(snapshot.id);
  const snapshots = useSnapshots();
  const [address, setAddress] = useSearchParams();
  const originName = useOriginName();
  const other = address.get("with");
  const others = (snapshots.data?.results ?? []).filter((row) => row.id !== snapshot.id);
  if (contents.isPending) return <RowsLoading rows={6} height={32} />;
  if (!contents.data) return <Failure error={contents.error} retry={() => void contents.refetch()} />;
  return (
    <>
      <Card
        title={t("differences.title")}
        intro={t("differences.intro")}
        tools={
          <Select
            w={260}
            size="xs"
            clearable
            aria-label={t("differences.with")}
            placeholder={others.length > 0 ? t("differences.with") : t("differences.none")}
            disabled={others.length === 0}
            data={others.map(({ id, name }) => ({ value: id, label: name }))}
            value={other}
            onChange={(value) => setAddress(value ? { with: value } : {}, { replace: true })}
          />
        }
      >
        {other && <Differences snapshot={snapshot.id} other={other} />}
      </Card>
      <Card title={t("contents.parts")}>
        <PartsTable contents={contents.data} />
      </Card>
      <Card title={t("contents.ages")} intro={t("contents.agesIntro")}>
        <PopulationTable values={contents.data.table1} />
      </Card>
      <Card title={t("contents.regions")}>
        <RegionsTable contents={contents.data} />
      </Card>
      <Card title={t("contents.origins")}>
        <Facts entries={Object.entries(contents.data.origins).map(([name, count]) => [originName(name), number(count)] as const)} />
      </Card>
    </>
  );
}

/** `consensus:mean_of_reads` in words; what a data set of elsewhere calls its truth stays as it is. */
function useOriginName(): (origin: string) => string {
  const { t, i18n } = useTranslation("consensus");
  return (origin) => {
    const name = origin.replace(/^consensus:/, "");
    return i18n.exists(`consensus:origin.${name}`) ? t(`origin.${name as "mean_of_reads"}`) : origin;
  };
}
