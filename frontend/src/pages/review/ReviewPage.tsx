import { useTranslation } from "react-i18next";
import { useParams } from "react-router";

import { useBoxSet } from "../../api/boxSets";
import { useErrorText } from "../../panels/errorText";
import { RoomLoading } from "../../panels/room/RoomLoading";
import { RoomMessage } from "../../panels/room/RoomMessage";
import { ReviewRoom } from "./ReviewRoom";

/** /review/:boxSet */
export function Component() {
  const { t } = useTranslation("workbench");
  const { boxSet = "" } = useParams();
  if (boxSet !== "none") return <ReviewPage key={boxSet} id={boxSet} />;
  return <RoomMessage title={t("review.title")} heading={t("review.nothingLeft")} text={t("review.nothingLeftMore")} testId="nothing-left" />;
}

function ReviewPage({ id }: { readonly id: string }) {
  const { t } = useTranslation("workbench");
  const errorText = useErrorText();
  const boxSet = useBoxSet(id);
  if (boxSet.isError && !boxSet.data) {
    return <RoomMessage title={t("review.title")} heading={t("label.failed")} text={errorText(boxSet.error)} testId="review-failed" />;
  }
  if (!boxSet.data) return <RoomLoading title={t("review.title")} text={t("label.loading")} />;
  return <ReviewRoom boxSet={boxSet.data} />;
}
