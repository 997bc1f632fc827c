import { useTranslation } from "react-i18next";

import { LABEL_KEYS, type Chord } from "../../core/keymap";
import { missingRegions, shownState } from "../../core/regionState";
import { Key } from "../../panels/room/Key";
import type { Bench } from "./useBench";

interface Props {
  readonly bench: Bench;
  readonly isFix: boolean;
  readonly finishing: boolean;
  finish(): void;
}

/** Says what comes next and which keys do it; each hint is a button, for hands without a keyboard. */
export function PromptLine({ bench, isFix, finishing, finish }: Props) {
  const { t } = useTranslation("workbench");
  const { contents, proposals } = bench.work;
  const open = missingRegions(contents);
  const target = bench.focus.armed ?? bench.focus.region;
  const state = target ? shownState(contents[target], proposals[target]) : null;
  const suggested = open.filter((id) => proposals[id]);
  const line =
    open.length === 0 && !bench.focus.calledUp
      ? t("label.allDone")
      : target
        ? t("label.nextPrompt", { region: bench.names([target]) })
        : "";
  return (
    <footer className="room-footer">
      <strong role="status" data-testid="prompt">
        {line}
      </strong>
      {bench.editable && (
        <>
          {bench.focus.armed && (
            <span className="room-hint" style={{ cursor: "default" }}>
              <span className="room-key">{t("label.dragHint")}</span>
              {state === "missing" ? t("label.drawVerb") : t("label.redrawVerb")}
            </span>
          )}
          <Hint chord={LABEL_KEYS.accept[0]} text={t("label.acceptVerb")} disabled={!bench.boxInHand()} onPress={bench.accept} testId="accept" />
          <Hint chord={LABEL_KEYS.absent[0]} text={t("label.absentVerb")} disabled={!bench.focus.region} onPress={bench.askAbsent} testId="absent" />
          <Hint chord={LABEL_KEYS.nextAttention[0]} text={t("label.nextVerb")} onPress={() => bench.walk(1)} testId="next-region" />
        </>
      )}
      <span className="room-dim" role="status" data-testid="message">
        {bench.message}
      </span>
      <span className="room-space" />
      {bench.editable && suggested.length > 0 && (
        <button type="button" className="room-button" data-testid="accept-all" onMouseDown={(event) => event.preventDefault()} onClick={bench.acceptAll}>
          {t("label.acceptAll", { count: suggested.length })} <Key chord="shift+enter" />
        </button>
      )}
      {bench.editable && (
        <button type="button" className="room-button" data-main data-testid="finish" disabled={finishing} onMouseDown={(event) => event.preventDefault()} onClick={finish}>
          {isFix ? t("label.finishFix") : t("label.finish")} <Key chord="space" />
        </button>
      )}
    </footer>
  );
}

interface HintProps {
  readonly chord: Chord | undefined;
  readonly text: string;
  readonly disabled?: boolean;
  readonly testId: string;
  onPress(): void;
}

function Hint({ chord, text, disabled, testId, onPress }: HintProps) {
  return (
    <button type="button" className="room-hint" disabled={disabled} data-testid={`hint-${testId}`} onMouseDown={(event) => event.preventDefault()} onClick={onPress}>
      {chord && <Key chord={chord} />}
      {text}
    </button>
  );
}
