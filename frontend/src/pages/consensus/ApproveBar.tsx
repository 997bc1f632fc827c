import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { approveMany } from "../../api/consensus";
import type { ConsensusRow } from "../../api/types";
import { useErrorText } from "../../panels/errorText";

interface Props {
  readonly rows: readonly ConsensusRow[];
  readonly marked: ReadonlySet<string>;
  onMark(marked: ReadonlySet<string>): void;
}

/** Many agreeing films approved at once; what is refused is said. */
export function ApproveBar({ rows, marked, onMark }: Props) {
  const { t } = useTranslation("consensus");
  const errorText = useErrorText();
  const client = useQueryClient();
  const approvable = rows.filter((row) => row.can.includes("approve"));
  const approve = useMutation({
    mutationFn: () => approveMany([...marked]),
    onSuccess: async () => {
      onMark(new Set());
      await client.invalidateQueries({ queryKey: ["consensus"] });
      void client.invalidateQueries({ queryKey: ["home"] });
    },
  });
  if (approvable.length === 0 && !approve.data) return null;
  const refused = approve.data?.refused ?? [];
  return (
    <div className="consensus-bar" data-testid="approve-bar">
      {approvable.length > 0 && (
        <button type="button" className="plain-button" data-testid="choose-agreed" onClick={() => onMark(new Set(approvable.map((row) => row.id)))}>
          {t("chooseAgreed")}
        </button>
      )}
      <button type="button" className="main-button" data-testid="approve-many" disabled={marked.size === 0 || approve.isPending} onClick={() => approve.mutate()}>
        {t("approveMany", { count: marked.size })}
      </button>
      <span role="status">
        {approve.isError && t("failed", { reason: errorText(approve.error) })}
        {approve.data && approve.data.approved.length > 0 && t("approvedMany", { count: approve.data.approved.length })}{" "}
        {refused.length > 0 && t("refusedMany", { count: refused.length, reason: refused[0]?.message ?? "" })}
      </span>
    </div>
  );
}
