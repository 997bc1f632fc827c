import { useTranslation } from "react-i18next";

import type { Consensus } from "../../api/types";
import { useFormat } from "../../i18n/format";

interface Props {
  readonly consensus: Consensus;
  /** Puts a value into the settling form; null where nothing is to be settled. */
  readonly onTake: ((months: number) => void) | null;
}

/** A and B in random order, without names. */
export function ReadCards({ consensus, onTake }: Props) {
  const { t } = useTranslation("consensus");
  const { age, ageDistance } = useFormat();
  const { reads } = consensus;
  if (reads.length === 0) return <p className="consensus-quiet">{t("openHidden")}</p>;
  const mean = reads.reduce((sum, read) => sum + read.bone_age_months, 0) / reads.length;
  return (
    <>
      <div className="read-cards">
        {reads.map((read) => (
          <div key={read.label} className="read-card" data-testid={`read-${read.label}`}>
            <span>{t("readLabel", { label: read.label })}</span>
            <strong>{age(read.bone_age_months)}</strong>
            <small>{read.plate_months === null ? t("between") : t(read.plate_months === read.bone_age_months ? "plate" : "fromPlate", { age: age(read.plate_months) })}</small>
            {onTake && (
              <button type="button" className="plain-button" data-testid={`take-${read.label}`} onClick={() => onTake(read.bone_age_months)}>
                {t("takeValue", { label: read.label })}
              </button>
            )}
          </div>
        ))}
      </div>
      {consensus.difference_months !== null && (
        <p className="consensus-quiet">
          {t("difference", { age: ageDistance(consensus.difference_months) })}
          {onTake && reads.length > 1 && (
            <button type="button" className="plain-button" style={{ display: "block", width: "100%", marginTop: 6 }} data-testid="take-mean" onClick={() => onTake(mean)}>
              {t("mean")} ({age(mean)})
            </button>
          )}
        </p>
      )}
    </>
  );
}
