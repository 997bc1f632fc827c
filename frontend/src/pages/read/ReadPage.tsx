import { useTranslation } from "react-i18next";
import { useParams } from "react-router";

import { useReading } from "../../api/reading";
import { useErrorText } from "../../panels/errorText";
import { RoomLoading } from "../../panels/room/RoomLoading";
import { RoomMessage } from "../../panels/room/RoomMessage";
import { ReadingRoom } from "./ReadingRoom";

/** /read/:token */
export function Component() {
  const { t } = useTranslation("reading");
  const { token = "" } = useParams();
  if (token !== "none") return <ReadPage key={token} token={token} />;
  return <RoomMessage title={t("title")} heading={t("nothingLeft")} text={t("nothingLeftMore")} testId="nothing-left" />;
}

function ReadPage({ token }: { readonly token: string }) {
  const { t } = useTranslation("reading");
  const errorText = useErrorText();
  const reading = useReading(token);
  if (reading.isError && !reading.data) {
    return <RoomMessage title={t("title")} heading={t("failed")} text={errorText(reading.error)} testId="read-failed" />;
  }
  if (!reading.data) return <RoomLoading title={t("title")} text={t("loading")} />;
  return <ReadingRoom reading={reading.data} />;
}
