import { IconKeyboard, IconPencilPlus, IconArrowBackUp, IconArrowForwardUp, IconHandClick } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { labelNext } from "../../api/boxSets";
import { useSession } from "../../api/session";
import type { BoxSet } from "../../api/types";
import { FilmView } from "../../canvas/FilmView";
import { ToolButton } from "../../canvas/FilmTools";
import { useFilmStore } from "../../canvas/useFilmStore";
import { usePersonKeys } from "../../canvas/usePersonKeys";
import type { Box } from "../../core/boxes";
import type { PendingOperation } from "../../core/operations";
import { chordText, type LabelAction } from "../../core/keymap";
import { regionName, type RegionId } from "../../core/regions";
import { layoutWarnings } from "../../core/warnings";
import { useErrorText } from "../../panels/errorText";
import { KeyMapDialog } from "../../panels/room/KeyMapDialog";
import { RegionList } from "../../panels/room/RegionList";
import { RoomHeader } from "../../panels/room/RoomHeader";
import { SavingPill } from "../../panels/room/SavingPill";
import { StudyFacts } from "../../panels/room/StudyFacts";
import { useDarkRoom } from "../../panels/room/useDarkRoom";
import { AbsentDialog } from "./AbsentDialog";
import { AttributeBar } from "./AttributeBar";
import { ConflictPanel } from "./ConflictPanel";
import { PromptLine } from "./PromptLine";
import { useHold } from "../../api/worklists";
import { HeldBySomebody } from "../../panels/room/HeldBySomebody";
import { ReturnedPanel } from "./ReturnedPanel";
import { WarningsPanel } from "./WarningsPanel";
import { shownBoxes, statesOf } from "../../panels/room/shownBoxes";
import { neighbour, sitting, visited } from "./sitting";
import { useBench } from "./useBench";
import { useFinish } from "./useFinish";
import { useLabelKeys } from "./useLabelKeys";
import { useNextPicture } from "./useNextPicture";

interface Props {
  readonly boxSet: BoxSet;
  readonly kept: readonly PendingOperation[];
}

/** The labelling room: film on the left, the 17 regions on the right, what comes next at the bottom. */
export function Workbench({ boxSet, kept }: Props) {
  useDarkRoom();
  const { t, i18n } = useTranslation("workbench");
  const navigate = useNavigate();
  const client = useQueryClient();
  const { radiograph, study } = boxSet;
  const surface = useRef<HTMLDivElement>(null);
  const [help, setHelp] = useState(false);
  const isFix = boxSet.is_fix;
  const person = useSession().user?.id ?? null;
  const bench = useBench(boxSet, kept, person);
  const store = useFilmStore({ ...radiograph, film: radiograph.id });
  const hold = useHold(boxSet.id, boxSet.can.includes("edit"));
  const { finish, finishing } = useFinish(boxSet, bench, isFix);

  const errorText = useErrorText();

  const go = async (step: 1 | -1): Promise<void> => {
    try {
      const known = neighbour(person, boxSet.id, step);
      const other = known ?? (step === 1 && bench.editable && !isFix ? await putAside() : null);
      if (other) await navigate(`/label/${other}`);
      else bench.desk.say({ code: step === 1 ? "noNext" : "noPrevious" });
    } catch (error) {
      bench.desk.say({ code: "nextFailed", reason: errorText(error) });
    }
  };
  /** The film stays a draft of mine; another one comes. */
  const putAside = async (): Promise<string | null> => {
    await bench.session.settled().catch(() => undefined);
    return (await labelNext(client, sitting(person)))?.box_set ?? null;
  };
  const windowKey = useLabelKeys(bench, store, { finish, go: (step) => void go(step), help: () => setHelp(true) }, surface);

  useNextPicture(boxSet.id, bench.editable && !isFix);
  useEffect(() => {
    visited(person, boxSet.id);
    surface.current?.focus({ preventScroll: true });
  }, [person, boxSet.id]);

  const own = usePersonKeys().label;
  const key = (action: LabelAction) => chordText(own[action][0] ?? "");
  const { desk } = bench;
  const drawnAs = useCallback((box: Box) => desk.drawnAs(box), [desk]);
  const { contents, proposals, queue } = bench.work;
  const pinned = useMemo(() => new Set(boxSet.comments.flatMap(({ region }) => region ?? [])), [boxSet.comments]);
  const boxes = useMemo(
    () =>
      shownBoxes(contents, proposals, queue.conflicts, pinned, (id, state) =>
        t("label.boxName", { region: regionName(id, i18n.language), state: t(`states.${state}`) }),
      ),
    [contents, proposals, queue.conflicts, pinned, t, i18n.language],
  );
  const states = useMemo(() => statesOf(contents, proposals), [contents, proposals]);
  const words = useMemo(() => {
    const absent = Object.entries(contents).flatMap(([id, content]) =>
      content.state === "absent" ? [[id, t(`reasonWords.${content.reason}`)] as const] : [],
    );
    return Object.fromEntries(absent) as Partial<Record<RegionId, string>>;
  }, [contents, t]);
  const warnings = useMemo(
    () => layoutWarnings(contents, { width: radiograph.columns, height: radiograph.rows }, study.laterality),
    [contents, radiograph.columns, radiograph.rows, study.laterality],
  );

  return (
    <main className="room" data-testid="workbench" data-box-set={boxSet.id}>
      <RoomHeader title={isFix ? t("label.fixTitle") : t("label.title")} synthetic={study.synthetic}>
        <StudyFacts study={study} />
        {bench.editable && <SavingPill work={bench.work} retry={() => bench.session.retryNow()} />}
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
          readOnly={!bench.editable}
          focused={bench.focus.region}
          justDrawn={bench.focus.justDrawn}
          armed={bench.editable ? bench.armed : null}
          drawnAs={drawnAs}
          points={bench.clicks}
          drawMode={bench.drawMode}
          windowKey={windowKey}
          store={store}
          surface={surface}
          onDraw={(region, box) => bench.desk.draw(region, box)}
          onMoveAll={(dx, dy) => bench.desk.moveAll(dx, dy)}
          onPick={(region, at) => bench.desk.pick(region, at)}
          onFocusBox={(region) => bench.desk.pick(region)}
          tools={
            <>
              {bench.editable && (
                <>
                  <ToolButton name={t("actions.drawMode")} keyText={key("drawMode")} pressed={bench.drawMode} testId="tool-draw" onPress={() => bench.desk.perform("drawMode")}>
                    <IconPencilPlus size={18} stroke={1.7} />
                  </ToolButton>
                  <ToolButton name={t("actions.template")} keyText={key("template")} pressed={bench.clicks !== null} testId="tool-template" onPress={() => bench.desk.perform("template")}>
                    <IconHandClick size={18} stroke={1.7} />
                  </ToolButton>
                  <ToolButton name={t("actions.undo")} keyText={key("undo")} testId="tool-undo" onPress={() => bench.desk.perform("undo")}>
                    <IconArrowBackUp size={18} stroke={1.7} />
                  </ToolButton>
                  <ToolButton name={t("actions.redo")} keyText={key("redo")} testId="tool-redo" onPress={() => bench.desk.perform("redo")}>
                    <IconArrowForwardUp size={18} stroke={1.7} />
                  </ToolButton>
                </>
              )}
              <ToolButton name={t("actions.help")} keyText={key("help")} testId="tool-help" onPress={() => setHelp(true)}>
                <IconKeyboard size={18} stroke={1.7} />
              </ToolButton>
            </>
          }
        />
      </section>
      <aside className="room-side">
        {!bench.editable && (
          <div className="room-notice" data-kind="info" role="note">
            {t("label.readOnly", { status: t(`label.status.${boxSet.status}`) })}
          </div>
        )}
        <HeldBySomebody hold={hold} />
        <ReturnedPanel boxSet={boxSet} bench={bench} />
        <ConflictPanel bench={bench} />
        <RegionList
          states={states}
          focused={bench.focus.region}
          armed={bench.armed}
          words={words}
          marked={pinned}
          onChoose={(region) => bench.desk.callUp(region)}
        />
        <div className="room-foot">
          <WarningsPanel warnings={warnings} bench={bench} />
          <AttributeBar bench={bench} />
        </div>
      </aside>
      <PromptLine bench={bench} isFix={isFix} finishing={finishing} finish={finish} />
      <AbsentDialog region={bench.absentFor} onChoose={(reason) => bench.desk.absent(reason)} onClose={() => bench.desk.closeAbsent()} />
      <KeyMapDialog opened={help} onClose={() => setHelp(false)} room="label" region={bench.focus.region} />
    </main>
  );
}
