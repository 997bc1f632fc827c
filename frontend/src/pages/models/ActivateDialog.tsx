import { Skeleton } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useActivateModel } from "../../api/models";
import { useModelRelease } from "../../api/release";
import { useSession } from "../../api/session";
import type { ModelVersion } from "../../api/types";
import { AskReason } from "../../panels/AskReason";
import { Findings } from "./ReleaseGate";

/** Puts a model to use: at once when the release gate finds it better, else with a reason that is kept. */
export function ActivateDialog({ model, onClose }: { model: ModelVersion; onClose: () => void }) {
  const { t } = useTranslation("models");
  const { has } = useSession();
  const seesVerdict = !has("reader");
  const release = useModelRelease(model.id, seesVerdict);
  const activate = useActivateModel(model.id);
  const findings = release.data?.verdict.findings;
  const better = findings?.length === 0;
  return (
    <AskReason
      opened
      onClose={onClose}
      title={t("activate.title", { label: model.label })}
      text={better ? t("activate.text") : `${t("activate.text")} ${t("activate.reasonNeeded")}`}
      confirm={t("activate.button")}
      optional={better}
      pending={activate.isPending}
      error={activate.error}
      onConfirm={(reason) => activate.mutate(reason, { onSuccess: onClose })}
    >
      {seesVerdict && release.isPending ? <Skeleton height={48} /> : <Findings findings={findings ?? []} />}
    </AskReason>
  );
}
