import { useTranslation } from "react-i18next";

import type { Consensus } from "../../api/types";
import type { Texts } from "../../i18n";
import { useFormat } from "../../i18n/format";

type Step = Consensus["history"][number];
type Origin = keyof Texts["consensus"]["origin"];

/** What stood before and why it was reopened, newest first. */
export function HistorySteps({ history }: { readonly history: readonly Step[] }) {
  const { t } = useTranslation("consensus");
  if (history.length === 0) return null;
  return (
    <section className="consensus-history" data-testid="consensus-history">
      <h3>{t("history.title")}</h3>
      {history.some((step) => step.hidden) && <p className="consensus-quiet">{t("history.hidden")}</p>}
      <ol>
        {history.map((step) => (
          <li key={step.created_at}>
            <HistoryStep step={step} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function HistoryStep({ step }: { readonly step: Step }) {
  const { t } = useTranslation("consensus");
  const { age, ageDistance, date } = useFormat();
  const round = /^re-reading round (\d+)$/.exec(step.reopen_reason)?.[1];
  const why = round
    ? t("history.round", { number: round })
    : step.reopen_reason === "a read was amended"
      ? t("history.amended")
      : t("history.reopened", { reason: step.reopen_reason });
  return (
    <>
      {!step.hidden && (
        <b>
          {step.bone_age_months !== null
            ? t("history.value", { age: age(step.bone_age_months), origin: step.origin ? t(`origin.${step.origin as Origin}`) : "" })
            : step.difference_months !== null
              ? t("history.unsettled", { age: ageDistance(step.difference_months) })
              : t(step.unreadable ? "history.unreadable" : "history.none")}
        </b>
      )}
      {step.settled_by && step.reason && <small>{t("history.settled", { name: step.settled_by.display_name, reason: step.reason })}</small>}
      {step.approved_by && step.approved_at && (
        <small>{t("history.approved", { name: step.approved_by.display_name, date: date(step.approved_at) })}</small>
      )}
      {step.confirmed_by && step.confirmed_at && (
        <small>{t("history.confirmed", { name: step.confirmed_by.display_name, date: date(step.confirmed_at) })}</small>
      )}
      <small>{why}</small>
    </>
  );
}
