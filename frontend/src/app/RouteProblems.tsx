import { Button, Container } from "@mantine/core";
import { IconMapPinOff, IconPlugConnectedX, IconRefreshAlert } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useHealth, useUnreachable } from "../api/session";
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

/**
 * A page that could not be loaded or drawn. Without the server that is why, and the page comes by itself once it is back;
 * else a new version has most often been installed meanwhile.
 */
export function PageFailed({ reload = () => window.location.reload() }: { readonly reload?: () => void }) {
  const { t } = useTranslation();
  const unreachable = useUnreachable();
  const was = useRef(false);
  const { refetch } = useHealth();
  useEffect(() => void refetch(), [refetch]);
  useEffect(() => {
    if (was.current && !unreachable) reload();
    was.current = unreachable;
  }, [unreachable, reload]);
  return (
    <Container size="sm">
      <Empty
        isPage
        icon={unreachable ? IconPlugConnectedX : IconRefreshAlert}
        title={t("broken.title")}
        text={unreachable ? t("offline") : t("broken.text")}
        action={unreachable ? null : <Button onClick={reload}>{t("broken.reload")}</Button>}
      />
    </Container>
  );
}
