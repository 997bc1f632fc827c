import "../readers/readers.css";

import { Button, Group, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus, IconRepeat } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useRereads } from "../../api/rereads";
import { Card } from "../../panels/Card";
import { Empty } from "../../panels/Empty";
import { Failure } from "../../panels/Failure";
import { RowsLoading } from "../../panels/Loading";
import { Page } from "../../panels/Page";
import { NewRoundDialog } from "./NewRoundDialog";
import { RoundCard } from "./RoundCard";

/** /rereads: over- and under-estimated films read once more, and what that changed. */
export function Component() {
  const { t } = useTranslation("rereads");
  const rounds = useRereads();
  const [opened, { open, close }] = useDisclosure(false);
  const rows = rounds.data?.results ?? [];
  const start = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open} data-testid="new-round">
      {t("new")}
    </Button>
  );
  return (
    <Page title={t("title")} intro={t("intro")} actions={<Group>{rows.length > 0 && start}</Group>}>
      <Stack gap="lg">
        {rounds.isPending && <RowsLoading rows={2} height={160} />}
        {rounds.isError && !rounds.data && <Failure error={rounds.error} retry={() => void rounds.refetch()} />}
        {rounds.isSuccess && rows.length === 0 && (
          <Card>
            <Empty icon={IconRepeat} title={t("empty.title")} text={t("empty.text")} action={start} />
          </Card>
        )}
        {rows.map((round) => (
          <RoundCard key={round.id} round={round} />
        ))}
      </Stack>
      {opened && <NewRoundDialog onClose={close} />}
    </Page>
  );
}
