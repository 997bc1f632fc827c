import { Button, Group, NumberInput, Select, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

import { useEndProtocol, useProtocol, useSaveProtocol } from "../../api/people";
import { useSession } from "../../api/session";
import { useCohorts } from "../../api/snapshots";
import type { Protocol } from "../../api/types";
import { Card } from "../../panels/Card";
import { Failure } from "../../panels/Failure";
import { RowsLoading } from "../../panels/Loading";
import { Page } from "../../panels/Page";
import { RepeatFields } from "./RepeatFields";
import { ProtocolVersions } from "./ProtocolVersions";

/** Everybody's protocol, or (in the address) a cohort's own, and every version there was. */
export function Component() {
  const { t } = useTranslation("settings");
  const [parameters, setParameters] = useSearchParams();
  const cohort = parameters.get("cohort");
  const protocol = useProtocol(cohort);
  const cohorts = useCohorts();
  const choices = (cohorts.data?.results ?? []).map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Page title={t("protocol.title")} intro={t("protocol.intro")} width={860}>
      <Stack gap="lg">
        <Card>
          {choices.length > 0 && (
            <Select
              label={t("protocol.whose")}
              placeholder={t("protocol.everybody")}
              clearable
              maw={360}
              mb="lg"
              data={choices}
              value={cohort}
              onChange={(next) => setParameters(next ? { cohort: next } : {}, { replace: true })}
            />
          )}
          {protocol.isPending && <RowsLoading rows={3} height={56} />}
          {protocol.isError && !protocol.data && <Failure error={protocol.error} retry={() => void protocol.refetch()} />}
          {protocol.data && (
            <>
              {cohort && <OwnOrNot cohort={cohort} protocol={protocol.data} />}
              <ProtocolForm key={JSON.stringify(protocol.data) + cohort} protocol={protocol.data} cohort={cohort} />
            </>
          )}
        </Card>
        <ProtocolVersions cohort={cohort} />
      </Stack>
    </Page>
  );
}

function OwnOrNot({ cohort, protocol }: { cohort: string; protocol: Protocol }) {
  const { t } = useTranslation("settings");
  const { has } = useSession();
  const end = useEndProtocol(cohort);
  if (!protocol.cohort) return <Text size="sm" mb="md">{t("protocol.follows")}</Text>;
  return (
    <Group justify="space-between" mb="md">
      <Text size="sm">{t("protocol.own", { name: protocol.cohort.name })}</Text>
      {has("administrator") && (
        <Button size="xs" variant="default" loading={end.isPending} onClick={() => end.mutate()}>
          {t("protocol.end")}
        </Button>
      )}
      {end.isError && <Failure error={end.error} />}
    </Group>
  );
}

function ProtocolForm({ protocol, cohort }: { protocol: Protocol; cohort: string | null }) {
  const { t } = useTranslation("settings");
  const { has } = useSession();
  const save = useSaveProtocol(cohort);
  const [readers, setReaders] = useState(protocol.readers_required);
  const [tolerance, setTolerance] = useState(protocol.tolerance_months);
  const [showAge, setShowAge] = useState(protocol.show_chronological_age);
  const [share, setShare] = useState(protocol.repeat_share);
  const [repeats, setRepeats] = useState({
    repeat_after_days: protocol.repeat_after_days,
    repeat_after_reads: protocol.repeat_after_reads,
    repeat_within_days: protocol.repeat_within_days,
  });
  const [twicePercent, setTwicePercent] = useState(Math.round(protocol.label_twice_share * 1000) / 10);
  const [reason, setReason] = useState("");
  const may = has("administrator");

  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate({
      readers_required: readers,
      tolerance_months: tolerance,
      show_chronological_age: showAge,
      repeat_share: showAge ? 0 : share,
      ...repeats,
      label_twice_share: twicePercent / 100,
      reason: reason.trim(),
    });
  }

  return (
    <form onSubmit={submit} className={may ? undefined : "look-only"}>
      <Stack gap="lg">
        <Text size="sm" c="dimmed">
          {t("protocol.about", { method: protocol.method, edition: protocol.edition, version: protocol.version })}
        </Text>
        <NumberInput
          label={t("protocol.readers")}
          description={t("protocol.readersWhy")}
          min={1}
          max={5}
          allowDecimal={false}
          maw={360}
          disabled={!may}
          value={readers}
          onChange={(value) => typeof value === "number" && setReaders(value)}
        />
        <NumberInput
          label={t("protocol.tolerance")}
          description={t("protocol.toleranceWhy")}
          min={0}
          max={60}
          suffix={` ${t("protocol.months")}`}
          maw={360}
          disabled={!may}
          value={tolerance}
          onChange={(value) => typeof value === "number" && setTolerance(value)}
        />
        <Switch
          label={t("protocol.showAge")}
          description={t("protocol.showAgeWhy")}
          disabled={!may}
          checked={showAge}
          onChange={(event) => setShowAge(event.currentTarget.checked)}
        />
        <RepeatFields share={share} onShare={setShare} repeats={repeats} onRepeats={setRepeats} disabled={!may} ageInSight={showAge} />
        <NumberInput
          label={t("protocol.twice")}
          description={t("protocol.twiceWhy")}
          min={0}
          max={100}
          suffix=" %"
          maw={360}
          disabled={!may}
          value={twicePercent}
          onChange={(value) => typeof value === "number" && setTwicePercent(value)}
        />
        {may && (
          <TextInput
            label={t("protocol.reason")}
            maxLength={1000}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        )}
        {save.isError && <Failure error={save.error} />}
        {may ? (
          <Group>
            <Button type="submit" loading={save.isPending}>
              {t("save")}
            </Button>
            {save.isSuccess && (
              <Text size="sm" role="status" c="var(--good-text)">
                {t("saved")}
              </Text>
            )}
          </Group>
        ) : (
          <Text size="sm" c="dimmed">
            {t("protocol.lookOnly")}
          </Text>
        )}
      </Stack>
    </form>
  );
}
