import { Button, Container } from "@mantine/core";
import { IconMapPinOff, IconRefreshAlert } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { Empty } from "../panels/Empty";

export function LostPage() {
  const { t } = useTranslation();
  return (
    <Empty
      isPage
      icon={IconMapPinOff}
      title={t("lost.title")}
      text={t("lost.text")}
      action={
        <Button component={Link} to="/">
          {t("lost.home")}
        </Button>
      }
    />
  );
}

/** A page that could not be loaded or drawn: most often a new version has been installed meanwhile. */
export function PageFailed() {
  const { t } = useTranslation();
  return (
    <Container size="sm">
      <Empty
        isPage
        icon={IconRefreshAlert}
        title={t("broken.title")}
        text={t("broken.text")}
        action={<Button onClick={() => window.location.reload()}>{t("broken.reload")}</Button>}
      />
    </Container>
  );
}
