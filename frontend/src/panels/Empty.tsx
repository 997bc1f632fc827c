import { Stack, Text, ThemeIcon, Title } from "@mantine/core";
import type { ComponentType, ReactNode } from "react";

/** An empty page teaches: what it is for, and one button to get there. */
export function Empty({
  icon: Icon,
  title,
  text,
  action,
  isPage = false,
}: {
  icon: ComponentType<{ size?: number; stroke?: number; "aria-hidden"?: boolean }>;
  title: string;
  text: string;
  action?: ReactNode;
  /** The page holds nothing else: the title is its heading. */
  isPage?: boolean;
}) {
  return (
    <Stack align="center" gap="sm" py={56} px="md" ta="center">
      <ThemeIcon size={56} radius="xl" variant="light">
        <Icon size={28} stroke={1.6} aria-hidden />
      </ThemeIcon>
      <Title order={isPage ? 1 : 2} fz={18}>
        {title}
      </Title>
      <Text c="dimmed" size="sm" maw={460}>
        {text}
      </Text>
      {action}
    </Stack>
  );
}
