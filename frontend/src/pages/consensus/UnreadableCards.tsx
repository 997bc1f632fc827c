import { useTranslation } from "react-i18next";

import type { Consensus } from "../../api/types";
import { useFormat } from "../../i18n/format";

/** Why readers cannot read a film, in random order and without names; a bone age that stands alone stays hidden. */
export function UnreadableCards({ consensus }: { readonly consensus: Consensus }) {
  const { t } = useTranslation("consensus");
  const { date } = useFormat();
  return (
    <section className="unreadable" data-testid="unreadable-answers">
      <h3>{t("unreadable.title")}</h3>
      <div className="read-cards" data-one-below-the-other>
        {consensus.unreadable.map((answer) => (
          <div key={answer.label} className="read-card" data-testid={`answer-${answer.label}`}>
            <span>{t("readLabel", { label: answer.label })}</span>
            {answer.reason === null ? <small>{t("unreadable.locked")}</small> : <p>{answer.reason}</p>}
          </div>
        ))}
      </div>
      {consensus.being_read && (
        <p className="consensus-quiet" role="status" data-testid="being-read">
          {t("unreadable.beingRead")}
        </p>
      )}
      {consensus.confirmed_by && consensus.confirmed_at && (
        <p className="consensus-outcome" data-testid="confirmed-unreadable">
          {t("unreadable.confirmed", { name: consensus.confirmed_by.display_name, date: date(consensus.confirmed_at) })}
        </p>
      )}
    </section>
  );
}
