import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";

import { useBlockedFilm } from "../../api/gate";
import type { BlockedFilm } from "../../api/types";
import { forgetPixels } from "../../canvas/pixels";
import { usePixels } from "../../canvas/usePixels";
import { useErrorText } from "../../panels/errorText";
import { RoomLoading } from "../../panels/room/RoomLoading";
import { RoomMessage } from "../../panels/room/RoomMessage";
import { AlreadyDecided } from "./AlreadyDecided";
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
  if (film.data) return <Room film={film.data} />;
  if (!film.isError) return <RoomLoading title={t("redact.title")} text={t("redact.loading")} />;
  return (
    <RoomMessage title={t("redact.title")} heading={t("redact.failed")} text={errorText(film.error)} testId="redact-failed">
      <Link className="room-button" data-main to="/blocked">
        {t("blocked.title")}
      </Link>
    </RoomMessage>
  );
}

/** A film that is decided keeps its row and loses its picture: asking for that shows that somebody was quicker. */
function Room({ film }: { readonly film: BlockedFilm }) {
  const { error } = usePixels(film.pixels_url, film.rows, film.columns);
  // What may show a name is not kept by the page for longer than it is looked at.
  useEffect(() => () => forgetPixels(film.pixels_url), [film.pixels_url]);
  return error?.code === "already_decided" ? <AlreadyDecided id={film.id} /> : <RedactionRoom film={film} />;
}
