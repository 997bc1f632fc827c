import { Group, Skeleton, Stack, VisuallyHidden } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** Skeletons of the size of what comes, so that nothing jumps. */
export function RowsLoading({ rows = 8, height = 36 }: { rows?: number; height?: number }) {
  return (
    <Stack gap={12} py="xs" aria-busy>
      <LoadingWord />
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} height={height} radius="md" />
      ))}
    </Stack>
  );
}

export function CardsLoading({ cards = 3, height = 150 }: { cards?: number; height?: number }) {
  return (
    <Group grow aria-busy>
      <LoadingWord />
      {Array.from({ length: cards }, (_, index) => (
        <Skeleton key={index} height={height} radius={12} />
      ))}
    </Group>
  );
}

function LoadingWord() {
  const { t } = useTranslation();
  return <VisuallyHidden role="status">{t("loading")}</VisuallyHidden>;
}
