import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useState, type FormEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useErrorText } from "./errorText";

/** A dialog that wants a reason before something is done that others will see in the history. */
export function AskReason({
  opened,
  onClose,
  title,
  text,
  confirm,
  onConfirm,
  pending,
  error,
  optional = false,
  danger = false,
  label,
  children,
}: {
  opened: boolean;
  onClose: () => void;
  title: string;
  text: string;
  confirm: string;
  onConfirm: (reason: string) => void;
  pending: boolean;
  error: unknown;
  optional?: boolean;
  danger?: boolean;
  label?: string;
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [reason, setReason] = useState("");
  const ready = optional || reason.trim().length > 0;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (ready) onConfirm(reason.trim());
  }

  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ "aria-label": t("action.close") }}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Text size="sm">{text}</Text>
          {children}
          <Textarea
            data-autofocus
            label={label ?? (optional ? t("reason.optional") : t("reason.label"))}
            required={!optional}
            autosize
            minRows={2}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            error={error ? errorText(error) : undefined}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button type="submit" loading={pending} disabled={!ready} {...(danger ? { color: "red" } : {})}>
              {confirm}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
