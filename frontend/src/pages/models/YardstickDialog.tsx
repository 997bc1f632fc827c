import { Button, Group, Modal, SegmentedControl, Select, Stack, Text, Textarea } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { useSetYardstick } from "../../api/release";
import { useSnapshots } from "../../api/snapshots";
import { Failure } from "../../panels/Failure";
import { PARTS } from "../snapshots/counts";

/** Chooses the films on which models are compared before one is put to use. */
export function YardstickDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("models");
  const { t: snapshotText } = useTranslation("snapshots");
  const { t: common } = useTranslation();
  const snapshots = useSnapshots();
  const set = useSetYardstick();
  const [snapshot, setSnapshot] = useState<string | null>(null);
  const [split, setSplit] = useState<string>("test");
  const [reason, setReason] = useState("");
  const ready = snapshot !== null && reason.trim().length > 0;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (ready) set.mutate({ snapshot, split, reason: reason.trim() }, { onSuccess: onClose });
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={t("yardstick.title")}
      closeButtonProps={{ "aria-label": common("action.close") }}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <Text size="sm">{t("yardstick.text")}</Text>
          <Select
            label={t("yardstick.snapshot")}
            required
            data={(snapshots.data?.results ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            value={snapshot}
            onChange={setSnapshot}
            nothingFoundMessage={t("yardstick.noSnapshot")}
          />
          <div>
            <Text size="sm" fw={500} mb={4} id="yardstick-part">
              {t("yardstick.part")}
            </Text>
            <SegmentedControl
              fullWidth
              aria-labelledby="yardstick-part"
              value={split}
              onChange={setSplit}
              data={[...PARTS].reverse().map((part) => ({ value: part, label: snapshotText(`count.${part}`) }))}
            />
          </div>
          <Textarea
            label={common("reason.label")}
            required
            autosize
            minRows={2}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {snapshots.isError && <Failure error={snapshots.error} retry={() => void snapshots.refetch()} />}
          {set.isError && <Failure error={set.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {common("action.cancel")}
            </Button>
            <Button type="submit" disabled={!ready} loading={set.isPending}>
              {t("yardstick.set")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
