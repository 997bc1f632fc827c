import { IconLock } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import type { ReadingRoom } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Key } from "../../panels/room/Key";
import { EarlierExaminations } from "./EarlierExaminations";

interface Props {
  readonly reading: ReadingRoom;
  readonly busy: boolean;
  onNext(): void;
  onAmend(): void;
}

/** After locking: what was said, and only now the chronological age. */
export function LockedReading({ reading, busy, onNext, onAmend }: Props) {
  const { t } = useTranslation("reading");
  const { age, ageDifference, date } = useFormat();
  const next = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    next.current?.focus();
  }, [reading.read?.version]);
  const { read, revealed } = reading;
  const chronological = revealed?.chronological_age_months ?? null;
  const notShown = revealed
    ? t("notRevealed")
    : reading.withheld_until
      ? t("withheld", { date: date(reading.withheld_until) })
      : t("withheldUnknown");
  return (
    <div data-testid="locked">
      {reading.status === "unreadable" && <p>{t("lockedUnreadable")}</p>}
      {read && (
        <dl className="read-fact">
          <dt>
            <IconLock size={14} aria-hidden /> {t("lockedAge")}
          </dt>
          <dd data-testid="locked-age">{age(read.bone_age_months)}</dd>
          <dd>
            <small>
              {read.plate_months === null
                ? t("between")
                : t(read.plate_months === read.bone_age_months ? "lockedPlate" : "fromPlate", { age: age(read.plate_months) })}
              {" · "}
              {read.after_age_seen ? t("amended", { version: read.version }) : t("version", { version: read.version })}
            </small>
          </dd>
        </dl>
      )}
      {read && (
        <dl className="read-fact" data-testid="revealed">
          <dt>{t("chronological")}</dt>
          {chronological === null ? (
            <dd>
              <small>{notShown}</small>
            </dd>
          ) : (
            <>
              <dd>{age(chronological)}</dd>
              <dd>
                <small>
                  {t("difference", { difference: ageDifference(read.bone_age_months - chronological) })}
                </small>
              </dd>
            </>
          )}
        </dl>
      )}
      {revealed && revealed.earlier.length > 0 && <EarlierExaminations earlier={revealed.earlier} />}
      <div className="read-actions">
        <button ref={next} type="button" className="room-button" data-main data-testid="read-next" disabled={busy} onClick={onNext}>
          {t("next")} <Key chord="enter" />
        </button>
        {read && (
          <button type="button" className="room-button" data-testid="amend" onClick={onAmend}>
            {t("amend")}
          </button>
        )}
      </div>
    </div>
  );
}
