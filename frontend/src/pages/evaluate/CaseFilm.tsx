import { IconBoxMultiple, IconGridDots } from "@tabler/icons-react";
import { useEffect, useMemo, useState, type RefObject } from "react";
import { useTranslation } from "react-i18next";

import type { EvaluationCaseDetail, Study } from "../../api/types";
import { ToolButton } from "../../canvas/FilmTools";
import { FilmView } from "../../canvas/FilmView";
import type { FilmBox } from "../../canvas/types";
import { useFilmStore } from "../../canvas/useFilmStore";
import { usePersonKeys } from "../../canvas/usePersonKeys";
import { chordText, type FilmAction, type KeyMap } from "../../core/keymap";
import { isRegionId } from "../../core/regions";
import { useFormat } from "../../i18n/format";
import { useFilmRoomKeys } from "../../panels/room/useFilmRoomKeys";

type RoomAction = FilmAction | "hideBoxes" | "windowLevel" | "leaveFilm";

const NO_BOXES: readonly FilmBox[] = [];

/** A case's film, or its picture from a snapshot, with boxes that can be switched off. A picture says how large it is
 * and where it comes from, and stands in squares at first: what lies between its pixels nobody knows. */
export function CaseFilm({ one, surface }: { one: EvaluationCaseDetail; surface: RefObject<HTMLDivElement | null> }) {
  const { t } = useTranslation("evaluate");
  const { number } = useFormat();
  const keys: KeyMap<RoomAction> = usePersonKeys().label;
  const film = one.radiograph as Study["radiographs"][number] | null;
  const { picture } = one;
  const [sharp, setSharp] = useState(true);
  const shown = film ?? picture;
  const store = useFilmStore({
    film: shown?.pixels_url ?? "",
    columns: shown?.columns ?? 1,
    rows: shown?.rows ?? 1,
    window: shown?.window ?? { center: 0, width: 1, function: "linear" },
    windows: film?.windows,
    view: film?.view,
    remembers: film !== null,
  });
  useEffect(() => store.showSharp(film === null && sharp), [store, film, sharp]);
  const boxes = useMemo(() => filmBoxes(one), [one]);
  const [withBoxes, setWithBoxes] = useState(true);
  const { windowKey } = useFilmRoomKeys<RoomAction>({ map: keys, actions: {}, once: [], boxInHand: () => null }, store, surface);
  if (!shown) return null;
  return (
    <>
      <FilmView
        pixelsUrl={shown.pixels_url}
        rows={shown.rows}
        columns={shown.columns}
        window={shown.window}
        label={film ? t("case.filmOf", { pseudonym: one.pseudonym ?? "" }) : t("picture.label", { film: one.film })}
        boxes={withBoxes ? boxes : NO_BOXES}
        pixelSpacingMm={film?.pixel_spacing_mm ?? null}
        windowKey={windowKey}
        store={store}
        surface={surface}
        readOnly
        tools={
          <>
            {boxes.length > 0 && (
              <ToolButton
                name={t("case.showBoxes")}
                keyText={t("case.whileHeld", { key: chordText(keys.hideBoxes[0] ?? "") })}
                pressed={withBoxes}
                testId="tool-boxes"
                onPress={() => setWithBoxes(!withBoxes)}
              >
                <IconBoxMultiple size={18} stroke={1.7} />
              </ToolButton>
            )}
            {picture && (
              <ToolButton
                name={t("picture.sharp")}
                keyText={t("picture.sharpWhy")}
                pressed={sharp}
                testId="tool-sharp"
                onPress={() => setSharp(!sharp)}
              >
                <IconGridDots size={18} stroke={1.7} />
              </ToolButton>
            )}
          </>
        }
      />
      {picture && !film && (
        <p className="case-picture-note" data-testid="picture-note">
          {t("picture.note", { columns: number(picture.columns), rows: number(picture.rows), hash: picture.snapshot.slice(0, 8) })}
        </p>
      )}
    </>
  );
}

/** The model's boxes dashed, people's faint beneath them; people's alone are drawn through. */
function filmBoxes({ boxes, labelled }: EvaluationCaseDetail): FilmBox[] {
  const drawn = (list: EvaluationCaseDetail["boxes"], look: FilmBox["look"]) =>
    list.flatMap(({ region, score: _, ...box }) => (isRegionId(region) ? [{ region, box, look }] : []));
  const peoples = drawn(labelled, boxes.length ? "faint" : "solid");
  return [...drawn(boxes, "proposed"), ...peoples.filter(({ region }) => !boxes.some((box) => box.region === region))];
}
