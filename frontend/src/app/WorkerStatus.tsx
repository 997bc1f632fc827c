import { Group, Text, Tooltip } from "@mantine/core";
import { IconCircleCheckFilled, IconCircleXFilled, IconLoader } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useHealth } from "../api/session";

/** Whether somebody is there to do what the machine is asked for. */
export function WorkerStatus() {
  const { t } = useTranslation();
  const { data } = useHealth();
  const state = data === undefined ? "unknown" : data.worker.alive ? "alive" : "none";
  const Icon = state === "alive" ? IconCircleCheckFilled : state === "none" ? IconCircleXFilled : IconLoader;
  const color = state === "alive" ? "var(--good-text)" : state === "none" ? "var(--bad-text)" : "inherit";
  return (
    <Tooltip label={t(`worker.${state}Why`)} multiline maw={260} position="right">
      <Group gap={8} px={10} py={4} wrap="nowrap" tabIndex={0} style={{ borderRadius: 8 }}>
        <Icon size={14} color={color} aria-hidden />
        <Text size="xs" c="dimmed" className="nav-text">
          {t(`worker.${state}`)}
        </Text>
      </Group>
    </Tooltip>
  );
}
