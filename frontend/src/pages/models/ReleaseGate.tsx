import { Button, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAlertTriangle, IconCheck, IconInfoCircle, IconPlayerPlay } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { useModelRelease } from "../../api/release";
import { useStartRun } from "../../api/runs";
import { useSession } from "../../api/session";
import type { ModelRelease, ModelVersion, Verdict } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Mark, SyntheticBadge } from "../../panels/badges";
import { Card } from "../../panels/Card";
import { Failure } from "../../panels/Failure";
import { RowsLoading } from "../../panels/Loading";
import { personName } from "../../panels/personName";
import { useFindingTexts } from "./findings";
import { GateTables } from "./GateTables";
import { YardstickDialog } from "./YardstickDialog";

/** Whether this model is better than the one in use, on films fixed beforehand; and when it was put to use, and why. */
export function ReleaseGate({ model }: { model: ModelVersion }) {
  const { t } = useTranslation("models");
  const { has } = useSession();
  const may = (has("researcher") || has("administrator")) && !has("reader");
  const release = useModelRelease(model.id, may);
  if (!may) return null;
  return (
    <Card title={t("gate.title")} intro={t("gate.intro")}>
      {release.isPending && <RowsLoading rows={3} height={28} />}
      {release.isError && !release.data && <Failure error={release.error} retry={() => void release.refetch()} />}
      {release.data && (
        <Stack gap="md">
          {model.status !== "active" && <VerdictView verdict={release.data.verdict} model={model} />}
          <Films verdict={release.data.verdict} />
          <Releases releases={release.data.releases} />
        </Stack>
      )}
    </Card>
  );
}

function VerdictView({ verdict, model }: { verdict: Verdict; model: ModelVersion }) {
  const { t } = useTranslation("models");
  return (
    <>
      <div role="status">
        {verdict.against === null ? (
          <Mark tone="info" icon={IconInfoCircle}>
            {t("gate.first")}
          </Mark>
        ) : verdict.findings.length === 0 ? (
          <Mark tone="good" icon={IconCheck}>
            {t("gate.better", { label: verdict.against.label })}
          </Mark>
        ) : (
          <Mark tone="warn" icon={IconAlertTriangle}>
            {t("gate.notBetter", { label: verdict.against.label })}
          </Mark>
        )}
        <Findings findings={verdict.findings} />
      </div>
      <EvaluateBoth verdict={verdict} model={model} />
      {verdict.ages.length > 0 && <GateTables verdict={verdict} />}
      {verdict.refused && (
        <Text size="sm" c="dimmed">
          {t("gate.refused", { candidate: verdict.refused.candidate, active: verdict.refused.active })}
        </Text>
      )}
    </>
  );
}

export function Findings({ findings }: { findings: readonly string[] }) {
  const texts = useFindingTexts();
  if (findings.length === 0) return null;
  return (
    <ul style={{ margin: "8px 0 0", paddingInlineStart: 22, fontSize: 13.5 }}>
      {texts(findings).map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}

/** Starts what is missing for the comparison: the gate's films, by each model that was not asked yet. */
function EvaluateBoth({ verdict, model }: { verdict: Verdict; model: ModelVersion }) {
  const { t } = useTranslation("models");
  const start = useStartRun();
  const navigate = useNavigate();
  const { yardstick, against, evaluations } = verdict;
  if (!yardstick || !against || (evaluations.candidate && evaluations.active)) return null;
  const missing = [
    ...(evaluations.candidate ? [] : [model.id]),
    ...(evaluations.active ? [] : [against.id]),
  ];
  async function run() {
    for (const id of missing) {
      await start.mutateAsync({
        kind: "evaluate",
        parameters: {
          model: id,
          cohort: null,
          snapshot: yardstick!.snapshot.id,
          split: yardstick!.split,
          band_by: "bone_age",
        },
      });
    }
    void navigate("/runs?kind=evaluate");
  }
  return (
    <Group>
      <Button
        size="xs"
        variant="default"
        loading={start.isPending}
        leftSection={<IconPlayerPlay size={16} aria-hidden />}
        onClick={() => void run().catch(() => undefined)}
      >
        {t("gate.evaluate", { count: missing.length })}
      </Button>
      {start.isError && <Failure error={start.error} />}
    </Group>
  );
}

function Films({ verdict }: { verdict: Verdict }) {
  const { t } = useTranslation("models");
  const { t: snapshots } = useTranslation("snapshots");
  const { dateTime, number } = useFormat();
  const [opened, { open, close }] = useDisclosure(false);
  const films = verdict.yardstick;
  return (
    <Group gap="sm">
      <Text size="sm">
        {films
          ? t("gate.films", {
              name: films.snapshot.name,
              part: snapshots(`count.${films.split as "test"}`),
              n: number(films.films ?? 0),
              when: dateTime(films.set_at),
              reason: films.reason,
            })
          : t("gate.noFilms")}
      </Text>
      {films?.synthetic && <SyntheticBadge />}
      <Button size="compact-xs" variant="default" data-testid="choose-yardstick" onClick={open}>
        {t("yardstick.choose")}
      </Button>
      {opened && <YardstickDialog onClose={close} />}
    </Group>
  );
}

function Releases({ releases }: { releases: ModelRelease["releases"] }) {
  const { t } = useTranslation("models");
  const { dateTime } = useFormat();
  if (releases.length === 0) return null;
  return (
    <section>
      <Text size="sm" fw={600} mb={4}>
        {t("gate.history")}
      </Text>
      {releases.map((row) => (
        <div key={row.id} style={{ marginBottom: 10 }}>
          <Text size="sm">
            {dateTime(row.at)} · {personName(row.by) ?? t("gate.program")}
            {row.replaced && ` · ${t("gate.replaced", { label: row.replaced })}`}
          </Text>
          {row.reason && <Text size="sm">{t("gate.reason", { reason: row.reason })}</Text>}
          <Findings findings={row.findings} />
        </div>
      ))}
    </section>
  );
}
