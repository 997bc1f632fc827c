import { notifications } from "@mantine/notifications";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams } from "react-router";

import { ApiError } from "../../api/client";
import { blockedAfter, useBlockedFilm } from "../../api/gate";
import { useErrorText } from "../../panels/errorText";
import { RoomLoading } from "../../panels/room/RoomLoading";
import { RoomMessage } from "../../panels/room/RoomMessage";
import { RedactionRoom } from "./RedactionRoom";

/** /blocked/:id */
export function Component() {
  const { t } = useTranslation("gate");
  const { id = "" } = useParams();
  if (id !== "none") return <RedactPage key={id} id={id} />;
  return <RoomMessage title={t("redact.title")} heading={t("redact.nothingLeft")} text={t("redact.nothingLeftMore")} testId="nothing-left" />;
}

function RedactPage({ id }: { readonly id: string }) {
  const { t } = useTranslation("gate");
  const errorText = useErrorText();
  const film = useBlockedFilm(id);
  const decided = film.error instanceof ApiError && film.error.code === "already_decided";
  if (film.data) return <RedactionRoom film={film.data} />;
  if (decided) return <AlreadyDecided id={id} />;
  if (!film.isError) return <RoomLoading title={t("redact.title")} text={t("redact.loading")} />;
  return (
    <RoomMessage title={t("redact.title")} heading={t("redact.failed")} text={errorText(film.error)} testId="redact-failed">
      <Link className="room-button" data-main to="/blocked">
        {t("blocked.title")}
      </Link>
    </RoomMessage>
  );
}

/** Somebody else was quicker: that is said, and the next film comes. */
function AlreadyDecided({ id }: { readonly id: string }) {
  const { t } = useTranslation("gate");
  const { t: errors } = useTranslation("errors");
  const navigate = useNavigate();
  useEffect(() => {
    let current = true;
    notifications.show({ message: errors("already_decided"), color: "yellow", position: "top-center" });
    void blockedAfter(id)
      .catch(() => null)
      .then((next) => current && navigate(next ? `/blocked/${next}` : "/blocked/none", { replace: true }));
    return () => {
      current = false;
    };
  }, [id, navigate, errors]);
  return <RoomLoading title={t("redact.title")} text={t("redact.loading")} />;
}
