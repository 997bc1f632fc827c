import { Button, Group, Modal, Radio, Select, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";

import { usePresets, useStartRun } from "../api/runs";
import { useSession } from "../api/session";
import { useSnapshots } from "../api/snapshots";
import { Failure } from "./Failure";
import { PresetOverrides, type Override } from "./PresetOverrides";
import { settingValue } from "./settingText";

const PRESETS = ["light", "tiny", "paper"] as const;
type Preset = (typeof PRESETS)[number];

/** Starts a training; shown to those who may. */
export function TrainButton({ snapshot }: { snapshot?: string }) {
  const { t } = useTranslation("runs");
  const { has } = useSession();
  const [opened, { open, close }] = useDisclosure(false);
  if (!has("researcher") && !has("administrator")) return null;
  return (
    <>
      <Button
        {...(snapshot ? { size: "xs", variant: "default" } : {})}
        leftSection={<IconPlayerPlay size={16} aria-hidden />}
        onClick={open}
      >
        {t("train.button")}
      </Button>
      {opened && <TrainDialog snapshot={snapshot ?? null} onClose={close} />}
    </>
  );
}

function TrainDialog({ snapshot: given, onClose }: { snapshot: string | null; onClose: () => void }) {
  const { t } = useTranslation("runs");
  const { t: common } = useTranslation();
  const navigate = useNavigate();
  const snapshots = useSnapshots();
  const start = useStartRun();
  const [snapshot, setSnapshot] = useState<string | null>(given);
  const [preset, setPreset] = useState<Preset>("light");
  const [rows, setRows] = useState<Override[]>([]);
  const presets = usePresets();
  const chosen = presets.data?.results.find(({ name }) => name === preset);
  const choices = (snapshots.data?.results ?? []).map(({ id, name }) => ({ value: id, label: name }));

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!snapshot) return;
    const overrides = Object.fromEntries(rows.map(({ name, text }) => [name, settingValue(text)]));
    start.mutate(
      { kind: "train", parameters: { snapshot, preset, overrides } },
      { onSuccess: (run) => void navigate(`/runs/${run.id}`) },
    );
  }

  return (
    <Modal opened onClose={onClose} size="lg" title={t("train.title")} closeButtonProps={{ "aria-label": common("action.close") }}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Select
            label={t("train.snapshot")}
            description={t("train.snapshotWhy")}
            required
            data={choices}
            value={snapshot}
            onChange={setSnapshot}
            nothingFoundMessage={t("train.noSnapshot")}
            placeholder={snapshots.isPending ? common("loading") : t("train.choose")}
          />
          {snapshots.isSuccess && choices.length === 0 && (
            <Text size="sm">
              {t("train.noSnapshot")} <Link to="/snapshots">{t("train.makeSnapshot")}</Link>
            </Text>
          )}
          {snapshots.isError && <Failure error={snapshots.error} retry={() => void snapshots.refetch()} />}
          <Radio.Group label={t("train.preset")} value={preset} onChange={(value) => setPreset(value as Preset)}>
            <Stack gap="xs" mt={6}>
              {PRESETS.map((name) => (
                <Radio key={name} value={name} label={t(`preset.${name}.name`)} description={t(`preset.${name}.text`)} />
              ))}
            </Stack>
          </Radio.Group>
          {chosen && <PresetOverrides preset={chosen} rows={rows} onChange={setRows} />}
          {presets.isError && <Failure error={presets.error} retry={() => void presets.refetch()} />}
          {start.isError && <Failure error={start.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {common("action.cancel")}
            </Button>
            <Button type="submit" disabled={!snapshot} loading={start.isPending}>
              {t("train.start")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
