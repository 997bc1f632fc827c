import { ActionIcon, Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { Preset } from "../api/types";
import { settingText } from "./settingText";

export interface Override {
  name: string;
  text: string;
}

/** Settings laid over a preset, one a line, each beside what the preset has. */
export function PresetOverrides({
  preset,
  rows,
  onChange,
}: {
  preset: Preset;
  rows: readonly Override[];
  onChange: (rows: Override[]) => void;
}) {
  const { t } = useTranslation("runs");
  const all = Object.keys(preset.settings).filter((name) => name !== "preset");
  const names = [...all.filter((name) => !name.includes(".")), ...all.filter((name) => name.includes("."))];
  const change = (at: number, row: Override) => onChange(rows.map((old, index) => (index === at ? row : old)));
  return (
    <Stack gap="xs">
      <Text size="sm" fw={500}>
        {t("train.settings")}
      </Text>
      <Text size="xs" c="dimmed">
        {t("train.settingsWhy")}
      </Text>
      {rows.map((row, index) => {
        const own = settingText(preset.settings[row.name]);
        const words = preset.words[row.name];
        return (
          <Group key={row.name} gap="xs" wrap="nowrap" align="flex-end">
            <Select
              style={{ flex: 1 }}
              searchable
              aria-label={t("train.setting")}
              data={names.filter((name) => name === row.name || !rows.some((other) => other.name === name))}
              value={row.name}
              onChange={(name) => name && change(index, { name, text: settingText(preset.settings[name]) })}
            />
            {words ? (
              <Select
                w={170}
                aria-label={row.name}
                data={words}
                value={row.text}
                onChange={(text) => text && change(index, { ...row, text })}
              />
            ) : (
              <TextInput
                w={170}
                aria-label={row.name}
                value={row.text}
                onChange={(event) => change(index, { ...row, text: event.currentTarget.value })}
              />
            )}
            <Text size="xs" c="dimmed" w={90} truncate title={own}>
              {t("train.presetHas", { value: own })}
            </Text>
            <ActionIcon
              variant="subtle"
              aria-label={t("train.removeSetting", { name: row.name })}
              onClick={() => onChange(rows.filter((_, other) => other !== index))}
            >
              <IconX size={16} aria-hidden />
            </ActionIcon>
          </Group>
        );
      })}
      <Group>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => {
            const name = ["steps", ...names].find((one) => !rows.some((row) => row.name === one));
            if (name) onChange([...rows, { name, text: settingText(preset.settings[name]) }]);
          }}
        >
          {t("train.addSetting")}
        </Button>
      </Group>
    </Stack>
  );
}
