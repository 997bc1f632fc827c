import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";

import { useBoxSet } from "../../api/boxSets";
import { useErrorText } from "../../panels/errorText";
import { RoomLoading } from "../../panels/room/RoomLoading";
import { RoomMessage } from "../../panels/room/RoomMessage";
import { Workbench } from "./Workbench";
import { browserOperationStore } from "./operationStore";

/** /label/:boxSet */
export function Component() {
  const { boxSet = "" } = useParams();
  return boxSet === "none" ? <NothingLeft /> : <LabelPage key={boxSet} id={boxSet} />;
}

function LabelPage({ id }: { readonly id: string }) {
  const { t } = useTranslation("workbench");
  const errorText = useErrorText();
  const boxSet = useBoxSet(id);
  const kept = useQuery({
    queryKey: ["kept-operations", id],
    queryFn: () => browserOperationStore.load(id),
    staleTime: Infinity,
    gcTime: 0,
    networkMode: "always",
  });
  if (boxSet.isError) {
    return <RoomMessage title={t("label.title")} heading={t("label.failed")} text={errorText(boxSet.error)} testId="label-failed" />;
  }
  if (!boxSet.data || !kept.data) return <RoomLoading title={t("label.title")} text={t("label.loading")} />;
  return <Workbench boxSet={boxSet.data} kept={kept.data} />;
}

function NothingLeft() {
  const { t } = useTranslation("workbench");
  return <RoomMessage title={t("label.title")} heading={t("label.nothingLeft")} text={t("label.nothingLeftMore")} testId="nothing-left" />;
}
