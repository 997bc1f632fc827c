import { Button, Center, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** The way to the next rows, and how many are on the screen. */
export function LoadMore({
  shown,
  total,
  more,
  loading,
  onMore,
}: {
  shown: number;
  total: number | null;
  more: boolean;
  loading: boolean;
  onMore: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Center py="md" style={{ flexDirection: "column", gap: 8 }}>
      <Text size="xs" c="dimmed" role="status">
        {total === null ? t("list.shown", { shown }) : t("list.shownOf", { shown, total })}
      </Text>
      {more && (
        <Button variant="default" loading={loading} onClick={onMore}>
          {t("action.loadMore")}
        </Button>
      )}
    </Center>
  );
}
