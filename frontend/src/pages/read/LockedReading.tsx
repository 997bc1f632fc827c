import { IconLock } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import type { ReadingRoom } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Key } from "../../panels/room/Key";

interface Props {
  readonly reading: ReadingRoom;
  readonly busy: boolean;
  onNext(): void;
  onAmend(): void;
}

/** After locking: what was said, and only now the chronological age. */
export function LockedReading({ reading, busy, onNext, onAmend }: Props) {
  const { t } = useTranslation("reading");
  const { age, ageDifference } = useFormat();
  const next = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    next.current?.focus();
  }, [reading.read?.version]);
  const { read, revealed } = reading;
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
              {read.plate_months === null ? t("between") : t("lockedPlate", { age: age(read.plate_months) })}
              {" · "}
              {read.after_age_seen ? t("amended", { version: read.version }) : t("version", { version: read.version })}
            </small>
          </dd>
        </dl>
      )}
      {read && (
        <dl className="read-fact" data-testid="revealed">
          <dt>{t("chronological")}</dt>
          <dd>{revealed ? age(revealed.chronological_age_months) : <small>{t("notRevealed")}</small>}</dd>
          {revealed && (
            <dd>
              <small>
                {t("difference")}: {ageDifference(read.bone_age_months - revealed.chronological_age_months)}
              </small>
            </dd>
          )}
        </dl>
      )}
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
