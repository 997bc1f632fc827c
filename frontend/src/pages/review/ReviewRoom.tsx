import { IconKeyboard } from "@tabler/icons-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { useDifferences } from "../../api/history";
import { useSession } from "../../api/session";
import type { BoxSet } from "../../api/types";
import { useHold } from "../../api/worklists";
import { ToolButton } from "../../canvas/FilmTools";
import { FilmView } from "../../canvas/FilmView";
import { useFilmStore } from "../../canvas/useFilmStore";
import { usePersonKeys } from "../../canvas/usePersonKeys";
import { chordText } from "../../core/keymap";
import { contentsOf } from "../../core/regionState";
import { REGION_IDS, regionName, type RegionId } from "../../core/regions";
import { layoutWarnings } from "../../core/warnings";
import { KeyMapDialog } from "../../panels/room/KeyMapDialog";
import { RegionList } from "../../panels/room/RegionList";
import { RoomHeader } from "../../panels/room/RoomHeader";
import { StudyFacts } from "../../panels/room/StudyFacts";
import { useDarkRoom } from "../../panels/room/useDarkRoom";
import { shownBoxes, statesOf } from "../../panels/room/shownBoxes";
import { boxesBefore } from "../../panels/room/boxesBefore";
import { CarriedComments } from "../../panels/room/CarriedComments";
import { HeldBySomebody } from "../../panels/room/HeldBySomebody";
import { ChangesPanel } from "./ChangesPanel";
import { CommentPanel } from "./CommentPanel";
import { ReviewLine } from "./ReviewLine";
import { SendBackDialog } from "./SendBackDialog";
import { useReviewKeys } from "./useReviewKeys";
import { forgetPins, useUnsentPins } from "./useUnsentPins";
import { useVerdict } from "./useVerdict";

const NO_PROPOSALS = {};

/** The reviewer's room: the same film and list, nothing can be moved; accept, fix, or send back with pins. */
export function ReviewRoom({ boxSet }: { readonly boxSet: BoxSet }) {
  useDarkRoom();
  const { t, i18n } = useTranslation("workbench");
  const { radiograph, study } = boxSet;
  const surface = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState<RegionId | null>(null);
  const person = useSession().user?.id ?? null;
  const { comments, change: changeComments, restored } = useUnsentPins(person, boxSet.id);
  const [writing, setWriting] = useState<RegionId | null>(null);
  const [sending, setSending] = useState(false);
  const [help, setHelp] = useState(false);
  const [message, setMessage] = useState("");
  const [showBefore, setShowBefore] = useState(true);
  const differences = useDifferences(boxSet.parent ? boxSet.id : null, null);
  const hold = useHold(boxSet.id, boxSet.can.includes("accept"));
  const verdict = useVerdict(boxSet, setMessage, () => forgetPins(person, boxSet.id));
  const store = useFilmStore({ ...radiograph, film: radiograph.id });
  const contents = useMemo(() => contentsOf(boxSet.regions), [boxSet.regions]);
  const states = useMemo(() => statesOf(contents, NO_PROPOSALS), [contents]);
  const pinned = useMemo(() => new Set(Object.keys(comments) as RegionId[]), [comments]);
  const helpKey = chordText(usePersonKeys().review.help[0] ?? "");
  const backToFilm = () => surface.current?.focus({ preventScroll: true });
  useEffect(() => {
    surface.current?.focus({ preventScroll: true });
  }, [boxSet.id]);

  const walk = (step: 1 | -1) => {
    const at = focused === null ? (step === 1 ? -1 : 0) : REGION_IDS.indexOf(focused);
    setFocused(REGION_IDS[(at + step + REGION_IDS.length) % REGION_IDS.length] as RegionId);
  };
  const boxInHand = () => {
    const content = focused ? contents[focused] : null;
    return content?.state === "boxed" ? content.box : null;
  };
  const write = (region: RegionId | null) => {
    if (region) setFocused(region);
    setWriting(region);
    if (!region) backToFilm();
  };
  const askSendBack = () => {
    setMessage("");
    setSending(true);
  };
  const { windowKey } = useReviewKeys(
    {
      accept: verdict.accept,
      fix: verdict.fix,
      sendBack: askSendBack,
      comment: () => write(focused),
      walk,
      choose: setFocused,
      help: () => setHelp(true),
      boxInHand,
    },
    store,
    surface,
  );
  const boxes = useMemo(
    () => [
      ...(showBefore && differences.data ? boxesBefore(differences.data) : []),
      ...shownBoxes(contents, NO_PROPOSALS, [], pinned, (id, state) =>
        t("label.boxName", { region: regionName(id, i18n.language), state: t(`states.${state}`) }),
      ),
    ],
    [contents, pinned, t, i18n.language, showBefore, differences.data],
  );
  const words = useMemo(
    () =>
      Object.fromEntries(
        REGION_IDS.flatMap((id) => {
          const content = contents[id];
          return content.state === "absent" ? [[id, t(`reasonWords.${content.reason}`)]] : [];
        }),
      ) as Partial<Record<RegionId, string>>,
    [contents, t],
  );
  const warnings = useMemo(
    () => layoutWarnings(contents, { width: radiograph.columns, height: radiograph.rows }, study.laterality),
    [contents, radiograph.columns, radiograph.rows, study.laterality],
  );
  const author = boxSet.author?.display_name ?? t("review.reviewer");

  return (
    <main className="room" data-testid="review" data-box-set={boxSet.id}>
      <RoomHeader title={t("review.title")} synthetic={study.synthetic}>
        <StudyFacts study={study} />
        <span className="room-dim">
          {t("review.by", { name: author })} · {t("review.version", { version: boxSet.version })}
        </span>
      </RoomHeader>
      <section className="room-film">
        <FilmView
          pixelsUrl={radiograph.pixels_url}
          rows={radiograph.rows}
          columns={radiograph.columns}
          window={radiograph.window}
          pixelSpacingMm={radiograph.pixel_spacing_mm}
          label={t("label.filmName", { name: study.pseudonym })}
          boxes={boxes}
          readOnly
          focused={focused}
          windowKey={windowKey}
          store={store}
          surface={surface}
          onPick={setFocused}
          tools={
            <ToolButton name={t("actions.help")} keyText={helpKey} testId="tool-help" onPress={() => setHelp(true)}>
              <IconKeyboard size={18} stroke={1.7} />
            </ToolButton>
          }
        />
      </section>
      <aside className="room-side">
        {boxSet.status !== "submitted" && (
          <div className="room-notice" data-kind="info" role="note">
            {t("label.readOnly", { status: t(`label.status.${boxSet.status}`) })}
          </div>
        )}
        <HeldBySomebody hold={hold} />
        {differences.data && (
          <ChangesPanel differences={differences.data} focused={focused} shown={showBefore} onShow={setShowBefore} onFocus={setFocused} />
        )}
        <CarriedComments boxSet={boxSet.id} comments={boxSet.comments} may={boxSet.can.includes("accept")} onOpen={setFocused} />
        {restored > 0 && (
          <div className="room-notice" data-kind="info" role="status" data-testid="pins-kept">
            {t("review.pinsKept", { count: restored })}
          </div>
        )}
        <CommentPanel
          comments={comments}
          writing={writing}
          onOpen={write}
          onClose={() => write(null)}
          onPin={(region, text) => {
            changeComments({ ...comments, [region]: text });
            write(null);
          }}
          onRemove={(region) => {
            const { [region]: _gone, ...rest } = comments;
            changeComments(rest);
          }}
        />
        <RegionList states={states} focused={focused} words={words} marked={pinned} onChoose={setFocused} />
        {warnings.length > 0 && (
          <div className="room-notice" role="note" style={{ marginTop: 10 }} data-testid="warnings">
            <h2>{t("warnings.title")}</h2>
            <ul>
              {warnings.map((warning) => (
                <li key={warning.code + warning.regions.join()}>
                  {t(`warnings.${warning.code}`, { regions: warning.regions.map((id) => regionName(id, i18n.language)).join(", ") })}
                </li>
              ))}
            </ul>
          </div>
        )}
      </aside>
      <ReviewLine
        focused={focused}
        message={message}
        can={boxSet.can}
        deciding={verdict.deciding}
        onComment={() => write(focused)}
        onAccept={verdict.accept}
        onFix={verdict.fix}
        onSendBack={askSendBack}
      />
      <SendBackDialog
        opened={sending}
        to={author}
        pinned={pinned.size}
        sending={verdict.deciding}
        problem={message}
        onClose={() => setSending(false)}
        onSend={(reason) =>
          verdict.sendBack(
            reason,
            Object.entries(comments).map(([region, text]) => ({ region, text })),
          )
        }
      />
      <KeyMapDialog opened={help} onClose={() => setHelp(false)} room="review" region={focused} />
    </main>
  );
}
