import { Stack, Text, ThemeIcon, Title } from "@mantine/core";
import type { ComponentType, ReactNode } from "react";

/** An empty page teaches: what it is for, and one button to get there. */
export function Empty({
  icon: Icon,
  title,
  text,
  action,
}: {
  icon: ComponentType<{ size?: number; stroke?: number; "aria-hidden"?: boolean }>;
  title: string;
  text: string;
  action?: ReactNode;
}) {
  return (
    <Stack align="center" gap="sm" py={56} px="md" ta="center">
      <ThemeIcon size={56} radius="xl" variant="light">
        <Icon size={28} stroke={1.6} aria-hidden />
      </ThemeIcon>
      <Title order={2} fz={18}>
        {title}
      </Title>
      <Text c="dimmed" size="sm" maw={460}>
        {text}
      </Text>
      {action}
    </Stack>
  );
}
