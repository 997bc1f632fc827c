import { Group, Text } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { useUnreachable } from "../api/session";

/** Says so when the server cannot be reached; goes away by itself. */
export function OfflineBanner() {
  return useUnreachable() ? <Banner /> : null;
}

/** Headers and rooms make way for it by `--banner`: what it would cover says what is kept on this device. */
function Banner() {
  const { t } = useTranslation();
  const text = t("offline");
  const banner = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const root = document.documentElement.style;
    const measure = () => root.setProperty("--banner", `${banner.current?.offsetHeight ?? 0}px`);
    measure();
    window.addEventListener("resize", measure);
    return () => {
      window.removeEventListener("resize", measure);
      root.removeProperty("--banner");
    };
  }, [text]);
  return (
    <Group ref={banner} role="alert" justify="center" gap="xs" wrap="nowrap" py={6} px="md" className="offline-banner">
      <IconPlugConnectedX size={18} aria-hidden style={{ flex: "none" }} />
      <Text size="sm" fw={600}>
        {text}
      </Text>
    </Group>
  );
}
