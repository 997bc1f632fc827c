import { notifications } from "@mantine/notifications";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { blockedAfter } from "../../api/gate";
import { RoomLoading } from "../../panels/room/RoomLoading";

/** Somebody else was quicker: that is said, and the next film comes. */
export function AlreadyDecided({ id }: { readonly id: string }) {
  const { t } = useTranslation("gate");
  const { t: errors } = useTranslation("errors");
  const navigate = useNavigate();
  useEffect(() => {
    let current = true;
    notifications.show({ id: `decided-${id}`, message: errors("already_decided"), color: "yellow", position: "top-center" });
    void blockedAfter(id)
      .catch(() => null)
      .then((next) => current && navigate(next ? `/blocked/${next}` : "/blocked/none", { replace: true }));
    return () => {
      current = false;
    };
  }, [id, navigate, errors]);
  return <RoomLoading title={t("redact.title")} text={t("redact.loading")} />;
}
