import { Group, Text } from "@mantine/core";
import type { CSSProperties, ReactNode } from "react";

/** A titled area of a page; its heading is an `h2`. */
export function Card({
  title,
  intro,
  tools,
  children,
  style,
}: {
  title?: ReactNode;
  intro?: ReactNode;
  tools?: ReactNode;
  children: ReactNode;
  style?: CSSProperties;
}) {
  return (
    <section className="card" style={style}>
      {(title || tools) && (
        <Group justify="space-between" align="flex-start" gap="sm" mb={intro ? 2 : 10} wrap="nowrap">
          {title && <h2 className="card-title">{title}</h2>}
          {tools && (
            <Group gap="xs" wrap="nowrap" className="no-print">
              {tools}
            </Group>
          )}
        </Group>
      )}
      {intro && (
        <Text size="xs" c="dimmed" mb={10}>
          {intro}
        </Text>
      )}
      {children}
    </section>
  );
}
