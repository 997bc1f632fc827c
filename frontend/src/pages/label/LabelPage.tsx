import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Navigate, useParams } from "react-router";

import { openDraft, useBoxSet } from "../../api/boxSets";
import type { BoxSet } from "../../api/types";
import { useSession } from "../../api/session";
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
  const { user } = useSession();
  const kept = useQuery({
    queryKey: ["kept-operations", id],
    queryFn: () => browserOperationStore.load(id),
    staleTime: Infinity,
    gcTime: 0,
    networkMode: "always",
  });
  // What is on screen stays there: asking anew, after signing in again, may fail, and the work must not go with it.
  if (boxSet.isError && !boxSet.data) {
    return <RoomMessage title={t("label.title")} heading={t("label.failed")} text={errorText(boxSet.error)} testId="label-failed" />;
  }
  if (!boxSet.data || !kept.data) return <RoomLoading title={t("label.title")} text={t("label.loading")} />;
  if (boxSet.data.status === "returned" && boxSet.data.author?.id === user?.id) return <Reopen boxSet={boxSet.data} />;
  return <Workbench boxSet={boxSet.data} kept={kept.data} />;
}

/** What came back is never edited: it goes on as a new draft that points at it. */
function Reopen({ boxSet }: { readonly boxSet: BoxSet }) {
  const { t } = useTranslation("workbench");
  const errorText = useErrorText();
  const draft = useQuery({
    queryKey: ["reopened", boxSet.id],
    queryFn: () => openDraft(boxSet.radiograph.id),
    staleTime: Infinity,
    retry: false,
  });
  if (draft.isError) {
    return <RoomMessage title={t("label.title")} heading={t("label.failed")} text={errorText(draft.error)} testId="label-failed" />;
  }
  return draft.data ? <Navigate to={`/label/${draft.data.id}`} replace /> : <RoomLoading title={t("label.title")} text={t("label.loading")} />;
}

function NothingLeft() {
  const { t } = useTranslation("workbench");
  return <RoomMessage title={t("label.title")} heading={t("label.nothingLeft")} text={t("label.nothingLeftMore")} testId="nothing-left" />;
}
