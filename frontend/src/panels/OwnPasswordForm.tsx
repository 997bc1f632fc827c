import { Button, Group, PasswordInput, Stack, Text } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { useChangePassword } from "../api/session";
import { Failure } from "./Failure";

/** The present password and a new one, twice. */
export function OwnPasswordForm({ onDone, onCancel }: { onDone: () => void; onCancel?: () => void }) {
  const { t } = useTranslation();
  const change = useChangePassword();
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const differ = again !== "" && again !== next;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (next === again) change.mutate({ old, new: next }, { onSuccess: onDone });
  }

  const show = { "aria-label": t("signIn.showPassword") };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <PasswordInput label={t("password.old")} required autoComplete="current-password" visibilityToggleButtonProps={show} value={old} onChange={(event) => setOld(event.currentTarget.value)} data-testid="old-password" />
        <PasswordInput label={t("password.new")} description={t("password.rule")} required autoComplete="new-password" visibilityToggleButtonProps={show} value={next} onChange={(event) => setNext(event.currentTarget.value)} data-testid="new-password" />
        <PasswordInput label={t("password.again")} required autoComplete="new-password" visibilityToggleButtonProps={show} error={differ ? t("password.differ") : undefined} value={again} onChange={(event) => setAgain(event.currentTarget.value)} data-testid="new-password-again" />
        {change.isError && <Failure error={change.error} />}
        <Group justify="flex-end">
          {onCancel && (
            <Button variant="default" onClick={onCancel}>
              {t("action.cancel")}
            </Button>
          )}
          <Button type="submit" loading={change.isPending} disabled={!old || !next || next !== again}>
            {t("password.submit")}
          </Button>
        </Group>
        <Text size="xs" c="dimmed">
          {t("password.others")}
        </Text>
      </Stack>
    </form>
  );
}
