import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { useFormat } from "../../i18n/format";

interface Props {
  readonly plates: readonly number[];
  readonly months: number | null;
  readonly disabled?: boolean;
  onChoose(months: number): void;
}

/** The standard ages of this sex, at their true distances in years, as quick picks. */
export function PlateStrip({ plates, months, disabled, onChoose }: Props) {
  const { t } = useTranslation("reading");
  const { age } = useFormat();
  const nearest = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // Newer browsers answer with a promise, which must not become the effect's clean-up.
    void nearest.current?.scrollIntoView({ block: "nearest" });
  }, [months]);
  return (
    <div className="plates" role="radiogroup" aria-label={t("plates")} data-testid="plates">
      {plates.map((plate, i) => {
        const chosen = plate === months;
        const [before, next] = [plates[i - 1], plates[i + 1]];
        const isBelow = months !== null && plate < months && (next === undefined || months < next);
        const isAbove = months !== null && months < plate && (before === undefined || before < months);
        const between = isBelow || isAbove;
        return (
          <button
            key={plate}
            ref={chosen || isBelow ? nearest : undefined}
            type="button"
            role="radio"
            aria-checked={chosen}
            aria-label={t("plateName", { age: age(plate) })}
            className="plate"
            data-between={between || undefined}
            data-testid={`plate-${plate}`}
            disabled={disabled}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onChoose(plate)}
          >
            {age(plate)}
          </button>
        );
      })}
    </div>
  );
}
