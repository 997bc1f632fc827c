import { Alert, Button, Code, CopyButton, Group, Modal, Stack, Text } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useResetPassword } from "../../api/people";
import type { ManagedPerson } from "../../api/types";
import { Failure } from "../../panels/Failure";

/** Makes a one-time password and shows it once; with it the person can do nothing but choose their own. */
export function OneTimePassword({ person, onClose }: { person: ManagedPerson; onClose: () => void }) {
  const { t } = useTranslation("settings");
  const { t: common } = useTranslation();
  const reset = useResetPassword(person.id);
  const password = reset.data?.password;
  return (
    <Modal
      opened
      onClose={onClose}
      closeOnClickOutside={!password}
      title={t("people.resetWho", { name: person.username })}
      closeButtonProps={{ "aria-label": common("action.close") }}
    >
      <Stack gap="md">
        {!password && <Text size="sm">{t("people.resetText")}</Text>}
        {reset.isError && <Failure error={reset.error} />}
        {password && (
          <Alert variant="light" color="teal" icon={<IconKey aria-hidden />} title={t("people.oneTime")}>
            <Group justify="space-between">
              <Code fz={18} data-testid="one-time-password">
                {password}
              </Code>
              <CopyButton value={password}>
                {({ copied, copy }) => (
                  <Button size="xs" variant="default" onClick={copy}>
                    {copied ? t("people.copied") : t("people.copy")}
                  </Button>
                )}
              </CopyButton>
            </Group>
            <Text size="sm" mt="sm">
              {t("people.oneTimeWhy")}
            </Text>
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {password ? common("action.close") : common("action.cancel")}
          </Button>
          {!password && (
            <Button loading={reset.isPending} onClick={() => reset.mutate()}>
              {t("people.reset")}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}
