import { useTranslation } from "react-i18next";

import { usePersonKeys } from "../../canvas/usePersonKeys";
import type { Chord } from "../../core/keymap";
import { missingRegions, shownState } from "../../core/regionState";
import { TEMPLATE_CLICKS } from "../../core/template";
import { Key } from "../../panels/room/Key";
import type { Bench } from "./useBench";

interface Props {
  readonly bench: Bench;
  readonly isFix: boolean;
  readonly finishing: boolean;
  finish(acceptRest?: boolean): void;
}

/** What keeps the film here although somebody asked for the next. */
const STOPS: ReadonlySet<string | undefined> = new Set(["refusedMissing", "undecided", "changedElsewhere", "submitFailed", "nextFailed"]);

/** Says what comes next and which keys do it; each hint is a button, for hands without a keyboard. */
export function PromptLine(props: Props) {
  const { bench } = props;
  return (
    <footer className="room-footer">
      <strong role="status" data-testid="prompt">
        {usePrompt(bench)}
      </strong>
      {bench.editable && (bench.clicks ? <TemplateHints bench={bench} /> : <RegionHints bench={bench} />)}
      <span className="room-dim" role="status" data-testid="message" data-stops={STOPS.has(bench.said?.code) || undefined} title={bench.message}>
        {bench.message}
      </span>
      <span className="room-space" />
      {bench.editable && !bench.clicks && <Ends {...props} />}
    </footer>
  );
}

function usePrompt({ work, clicks, armed, focus, names, editable }: Bench): string {
  const { t } = useTranslation("workbench");
  if (!editable) return "";
  if (clicks) {
    const next = TEMPLATE_CLICKS[clicks.length] ?? "wrist";
    return t(`template.${next}`, { number: clicks.length + 1, of: TEMPLATE_CLICKS.length });
  }
  if (missingRegions(work.contents).length === 0 && !focus.calledUp) return t("label.allDone");
  const target = armed ?? focus.region;
  return target ? t("label.nextPrompt", { region: names([target]) }) : "";
}

function TemplateHints({ bench: { desk, clicks } }: { readonly bench: Bench }) {
  const { t } = useTranslation("workbench");
  const keys = usePersonKeys().label;
  return (
    <>
      <Hint chord={keys.undo[0]} text={t("template.back")} disabled={!clicks?.length} onPress={() => desk.perform("undo")} testId="template-back" />
      <Hint chord={keys.leaveFilm[0]} text={t("template.leave")} onPress={() => desk.leaveTemplate()} testId="template-leave" />
    </>
  );
}

function RegionHints({ bench: { desk, work, armed, focus } }: { readonly bench: Bench }) {
  const { t } = useTranslation("workbench");
  const keys = usePersonKeys().label;
  const { contents, proposals } = work;
  const target = armed ?? focus.region;
  const state = target ? shownState(contents[target], proposals[target]) : null;
  const isOpen = missingRegions(contents).length > 0;
  const hasSuggestion = desk.suggested().length > 0;
  return (
    <>
      {armed && (
        <span className="room-hint" style={{ cursor: "default" }}>
          <span className="room-key">{t("label.dragHint")}</span>
          {state === "missing" ? t("label.drawVerb") : t("label.redrawVerb")}
        </span>
      )}
      {isOpen && !hasSuggestion && (
        <Hint chord={keys.template[0]} text={t("label.templateVerb")} onPress={() => desk.perform("template")} testId="template" />
      )}
      {(hasSuggestion || !isOpen) && (
        <Hint chord={keys.accept[0]} text={t("label.acceptVerb")} disabled={!desk.boxInHand()} onPress={() => desk.perform("accept")} testId="accept" />
      )}
      <Hint chord={keys.absent[0]} text={t("label.absentVerb")} disabled={!focus.region} onPress={() => desk.perform("absent")} testId="absent" />
      <Hint chord={keys.nextAttention[0]} text={t("label.nextVerb")} onPress={() => desk.perform("nextAttention")} testId="next-region" />
    </>
  );
}

/** Finish as it stands; with suggestions left, take them over first or at once. */
function Ends({ bench: { desk, work }, isFix, finishing, finish }: Props) {
  const { t } = useTranslation("workbench");
  const keys = usePersonKeys().label;
  const count = desk.suggested().length;
  const restIsSuggested = count > 0 && count === missingRegions(work.contents).length;
  const keepFocus = (event: React.MouseEvent) => event.preventDefault();
  return (
    <>
      {count > 0 && (
        <button type="button" className="room-button" data-testid="accept-all" onMouseDown={keepFocus} onClick={() => desk.perform("acceptAll")}>
          {t("label.acceptAll", { count })} <Key chord={keys.acceptAll[0]} />
        </button>
      )}
      <button
        type="button"
        className="room-button"
        data-main
        data-testid="finish"
        data-with-rest={restIsSuggested || undefined}
        disabled={finishing}
        onMouseDown={keepFocus}
        onClick={() => finish(restIsSuggested)}
      >
        {restIsSuggested ? t(isFix ? "label.finishFixWithRest" : "label.finishWithRest") : t(isFix ? "label.finishFix" : "label.finish")}{" "}
        <Key chord={(restIsSuggested ? keys.finishWithRest : keys.finish)[0]} />
      </button>
    </>
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
      <Key chord={chord} />
      {text}
    </button>
  );
}
