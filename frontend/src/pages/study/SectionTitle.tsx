import { Title } from "@mantine/core";
import type { ReactNode } from "react";

export function SectionTitle({ children }: { children: ReactNode }) {
  return (
    <Title order={2} fz={13} c="dimmed" fw={650} mb={8}>
      {children}
    </Title>
  );
}
