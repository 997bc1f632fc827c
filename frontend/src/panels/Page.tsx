import { Box, Group, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

/** The frame of every page with a shell: one heading, what it is for, what one can do. */
export function Page({
  title,
  intro,
  actions,
  children,
  width = 1280,
}: {
  title: string;
  intro?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  width?: number;
}) {
  usePageTitle(title);
  return (
    <Box px={{ base: "md", sm: 28 }} py={22} maw={width + 56}>
      <Group justify="space-between" align="flex-start" mb="lg" gap="md">
        <div style={{ flex: "1 1 360px", minWidth: 0 }}>
          <Title order={1} fz={24} lh={1.3}>
            {title}
          </Title>
          {intro && (
            <Text c="dimmed" size="sm" mt={2} maw={720}>
              {intro}
            </Text>
          )}
        </div>
        {actions && <Group gap="sm">{actions}</Group>}
      </Group>
      {children}
    </Box>
  );
}

export function usePageTitle(title: string): void {
  const { t } = useTranslation();
  useDocumentTitle(`${title} · ${t("product")}`);
}
