import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { useFormat } from "../../i18n/format";

interface Props {
  readonly plates: readonly number[];
  readonly months: number | null;
  readonly disabled?: boolean;
  onChoose(months: number): void;
  onPlate(step: 1 | -1): void;
}

const STEPS: Readonly<Record<string, 1 | -1>> = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 };

/**
 * The standard ages of this sex, at their true distances in years, as quick picks. By the keyboard they are one stop:
 * arrows and the space bar choose. Enter locks what was entered, here as everywhere in the room: on a plate that nobody
 * chose it would put that plate's age in place of the reader's.
 */
export function PlateStrip({ plates, months, disabled, onChoose, onPlate }: Props) {
  const { t } = useTranslation("reading");
  const { age } = useFormat();
  const group = useRef<HTMLDivElement>(null);
  const nearest = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // Newer browsers answer with a promise, which must not become the effect's clean-up.
    void nearest.current?.scrollIntoView({ block: "nearest" });
    if (group.current?.contains(document.activeElement)) nearest.current?.focus();
  }, [months]);
  const stop = months === null ? plates[0] : (plates.filter((plate) => plate <= months).at(-1) ?? plates[0]);
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined && event.key !== "Enter") return;
    event.preventDefault();
    if (step !== undefined) onPlate(step);
    else (event.target as HTMLButtonElement).form?.requestSubmit();
  };
  return (
    <div ref={group} className="plates" role="radiogroup" aria-label={t("plates")} data-testid="plates" onKeyDown={onKeyDown}>
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
            tabIndex={plate === stop ? 0 : -1}
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
