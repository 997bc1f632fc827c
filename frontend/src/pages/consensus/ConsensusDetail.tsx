import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { approveConsensus, confirmUnreadable, consensusQuery, reopenConsensus, settleConsensus, useConsensus } from "../../api/consensus";
import type { Consensus } from "../../api/types";
import { FilmView } from "../../canvas/FilmView";
import { NO_ENTRY, entryOf } from "../../core/boneAge";
import type { Texts } from "../../i18n";
import { useFormat } from "../../i18n/format";
import { AskReason } from "../../panels/AskReason";
import { Failure } from "../../panels/Failure";
import { RowsLoading } from "../../panels/Loading";
import { useErrorText } from "../../panels/errorText";
import { HistorySteps } from "./HistorySteps";
import { ReadCards } from "./ReadCards";
import { SettleForm } from "./SettleForm";
import { UnreadableCards } from "./UnreadableCards";

type Origin = keyof Texts["consensus"]["origin"];

interface Props {
  readonly id: string;
  readonly hasNext: boolean;
  onNext(): void;
  /** The film is approved, settled or confirmed: it leaves the list that it was chosen from. */
  onDecided(consensus: Consensus): void;
}

const DECIDED: ReadonlySet<string> = new Set(["approved", "settled", "no_bone_age"]);

/** The film, A and B side by side, and what this person may do about it. */
export function ConsensusDetail({ id, ...rest }: Props) {
  const consensus = useConsensus(id);
  if (consensus.isError) return <Failure error={consensus.error} retry={() => void consensus.refetch()} />;
  if (!consensus.data) return <RowsLoading rows={3} height={120} />;
  return <Loaded consensus={consensus.data} {...rest} />;
}

interface LoadedProps extends Omit<Props, "id"> {
  readonly consensus: Consensus;
}

function Loaded({ consensus, hasNext, onNext, onDecided }: LoadedProps) {
  const { t } = useTranslation("consensus");
  const { age } = useFormat();
  const errorText = useErrorText();
  const client = useQueryClient();
  const [reopening, setReopening] = useState(false);
  const [entry, setEntry] = useState(NO_ENTRY);
  const decide = useMutation({
    mutationFn: (act: () => Promise<Consensus>) => act(),
    onSuccess: async (answer) => {
      setReopening(false);
      client.setQueryData(consensusQuery(consensus.id).queryKey, answer);
      if (DECIDED.has(answer.status)) onDecided(answer);
      await client.invalidateQueries({ queryKey: ["consensus", "list"] });
      void client.invalidateQueries({ queryKey: ["home"] });
    },
  });
  const film = consensus.radiograph_detail;
  const waits = consensus.status === "unreadable";
  const can = (verb: string) => consensus.can.includes(verb);
  return (
    <div className="consensus-detail" data-testid="consensus-detail" data-status={consensus.status}>
      <div className="consensus-picture">
        <FilmView
          pixelsUrl={film.pixels_url}
          rows={film.rows}
          columns={film.columns}
          window={film.window}
          windows={film.windows}
          view={film.view}
          pixelSpacingMm={film.pixel_spacing_mm}
          label={t("filmName", { name: consensus.pseudonym })}
        />
      </div>
      <div className="consensus-side">
        <h2>
          {consensus.pseudonym} <small>{t(`sex.${consensus.sex ?? "unknown"}`)}</small>
          {consensus.synthetic && <b className="consensus-synthetic">{t("synthetic")}</b>}
        </h2>
        {consensus.unreadable.length > 0 ? (
          <UnreadableCards consensus={consensus} />
        ) : (
          <ReadCards consensus={consensus} onTake={can("settle") ? (months) => setEntry(entryOf(months)) : null} />
        )}
        {consensus.bone_age_months !== null && (
          <p className="consensus-outcome" data-testid="consensus-age">
            {t("consensusAge")} <b>{age(consensus.bone_age_months)}</b>
            {consensus.origin && <small>{t(`origin.${consensus.origin as Origin}`)}</small>}
            {consensus.reason && <small>{t("because", { reason: consensus.reason })}</small>}
          </p>
        )}
        {decide.isError && (
          <p role="alert" className="consensus-error">
            {t("failed", { reason: errorText(decide.error) })}
          </p>
        )}
        {can("settle") && (
          <SettleForm
            entry={entry}
            onEntry={setEntry}
            busy={decide.isPending}
            onSettle={(months, reason) => decide.mutate(() => settleConsensus(consensus.id, months, reason))}
          />
        )}
        <HistorySteps history={consensus.history} />
        <div className="consensus-actions">
          {can("approve") && (
            <button type="button" className="main-button" data-testid="approve" title={t("approveHint")} disabled={decide.isPending} onClick={() => decide.mutate(() => approveConsensus(consensus.id))}>
              {t("approve")}
            </button>
          )}
          {can("confirm_unreadable") && (
            <button type="button" className="main-button" data-testid="confirm-unreadable" title={t("unreadable.confirmHint")} disabled={decide.isPending} onClick={() => decide.mutate(() => confirmUnreadable(consensus.id))}>
              {t("unreadable.confirm")}
            </button>
          )}
          {can("reopen") && (
            <button type="button" className="plain-button" data-testid="reopen" onClick={() => setReopening(true)}>
              {t(waits ? "unreadable.sendBack" : "reopen")}
            </button>
          )}
          {hasNext && (
            <button type="button" className="plain-button" data-testid="consensus-next" onClick={onNext}>
              {t("next")}
            </button>
          )}
        </div>
        {reopening && (
          <AskReason
            opened
            title={t(waits ? "unreadable.sendBackTitle" : "reopenTitle")}
            text={waits ? t("unreadable.sendBackText") : consensus.status === "no_bone_age" ? t("unreadable.reopenText") : ""}
            confirm={t(waits ? "unreadable.sendBack" : "reopenConfirm")}
            pending={decide.isPending}
            error={decide.error}
            onClose={() => setReopening(false)}
            onConfirm={(reason) => decide.mutate(() => reopenConsensus(consensus.id, reason))}
          />
        )}
      </div>
    </div>
  );
}
