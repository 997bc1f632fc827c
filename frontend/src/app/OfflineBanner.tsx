import { Group, Text } from "@mantine/core";
import { useNetwork } from "@mantine/hooks";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { ApiError } from "../api/client";
import { useHealth } from "../api/session";

/** Says so when the server cannot be reached; goes away by itself. */
export function OfflineBanner() {
  const { t } = useTranslation();
  const network = useNetwork();
  const health = useHealth();
  const unreachable = health.error instanceof ApiError && health.error.code === "offline";
  if (network.online && !unreachable) return null;
  return (
    <Group
      role="alert"
      justify="center"
      gap="xs"
      py={6}
      px="md"
      style={{ background: "var(--warn-back)", color: "var(--warn-text)", position: "relative", zIndex: 300 }}
    >
      <IconPlugConnectedX size={18} aria-hidden />
      <Text size="sm" fw={600}>
        {t("offline")}
      </Text>
    </Group>
  );
}
