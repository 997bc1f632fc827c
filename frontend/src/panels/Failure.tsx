import { Alert, Button, Group, Text } from "@mantine/core";
import { IconAlertTriangle, IconEyeOff, IconPlugConnectedX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { ApiError } from "../api/client";
import { useErrorText } from "./errorText";

/** What failed, in place, and the way to try again. A blinded page is no failure: it says calmly why. */
export function Failure({ error, retry }: { error: unknown; retry?: (() => void) | undefined }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const code = error instanceof ApiError ? error.code : "";
  if (code === "blinded") return <Blinded />;
  if (code === "decided_again") return <Hidden text={errorText(error)} />;
  const offline = code === "offline";
  return (
    <Alert
      role="alert"
      variant="light"
      color={offline ? "yellow" : "red"}
      icon={offline ? <IconPlugConnectedX aria-hidden /> : <IconAlertTriangle aria-hidden />}
      title={offline ? t("failure.offlineTitle") : t("failure.title")}
    >
      <Text size="sm">{errorText(error)}</Text>
      {retry && (
        <Group mt="sm">
          <Button size="xs" variant="default" onClick={retry}>
            {t("action.retry")}
          </Button>
        </Group>
      )}
    </Alert>
  );
}

export function Blinded() {
  const { t } = useTranslation();
  return <Hidden text={t("blinded.text")} />;
}

function Hidden({ text }: { text: string }) {
  const { t } = useTranslation();
  return (
    <Alert variant="light" color="blue" icon={<IconEyeOff aria-hidden />} title={t("blinded.title")}>
      <Text size="sm">{text}</Text>
    </Alert>
  );
}
