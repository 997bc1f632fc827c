import { useTranslation } from "react-i18next";
import { useParams } from "react-router";

import { useBlockedFilm } from "../../api/gate";
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
  if (film.data) return <RedactionRoom film={film.data} />;
  if (!film.isError) return <RoomLoading title={t("redact.title")} text={t("redact.loading")} />;
  return <RoomMessage title={t("redact.title")} heading={t("redact.failed")} text={errorText(film.error)} testId="redact-failed" />;
}
