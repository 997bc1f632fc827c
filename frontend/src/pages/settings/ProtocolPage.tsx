import { Button, Group, NumberInput, Stack, Switch, Text } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { useProtocol, useSaveProtocol } from "../../api/people";
import { useSession } from "../../api/session";
import type { Protocol } from "../../api/types";
import { Card } from "../../panels/Card";
import { Failure } from "../../panels/Failure";
import { RowsLoading } from "../../panels/Loading";
import { Page } from "../../panels/Page";
import { RepeatFields } from "./RepeatFields";

export function Component() {
  const { t } = useTranslation("settings");
  const protocol = useProtocol();
  return (
    <Page title={t("protocol.title")} intro={t("protocol.intro")} width={760}>
      <Card>
        {protocol.isPending && <RowsLoading rows={3} height={56} />}
        {protocol.isError && !protocol.data && (
          <Failure error={protocol.error} retry={() => void protocol.refetch()} />
        )}
        {protocol.data && <ProtocolForm key={JSON.stringify(protocol.data)} protocol={protocol.data} />}
      </Card>
    </Page>
  );
}

function ProtocolForm({ protocol }: { protocol: Protocol }) {
  const { t } = useTranslation("settings");
  const { has } = useSession();
  const save = useSaveProtocol();
  const [readers, setReaders] = useState(protocol.readers_required);
  const [tolerance, setTolerance] = useState(protocol.tolerance_months);
  const [showAge, setShowAge] = useState(protocol.show_chronological_age);
  const [share, setShare] = useState(protocol.repeat_share);
  const [repeats, setRepeats] = useState({
    repeat_after_days: protocol.repeat_after_days,
    repeat_after_reads: protocol.repeat_after_reads,
    repeat_within_days: protocol.repeat_within_days,
  });
  const may = has("administrator");

  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate({
      readers_required: readers,
      tolerance_months: tolerance,
      show_chronological_age: showAge,
      repeat_share: showAge ? 0 : share,
      ...repeats,
    });
  }

  return (
    <form onSubmit={submit}>
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
