import { IconSquareFilled, IconSquareDashed, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { usePersonKeys } from "../../canvas/usePersonKeys";
import type { Box } from "../../core/boxes";
import { Key } from "../../panels/room/Key";
import type { RedactionWork } from "./useRedaction";

const keepFocus = (event: React.MouseEvent) => event.preventDefault();

/** The places with writing that are still to be seen, and the rectangles over the film; each a press away. */
export function PlaceList({ work }: { readonly work: RedactionWork }) {
  const { t } = useTranslation("gate");
  const coverAllKey = usePersonKeys().redact.coverAll[0];
  const { open, found, redaction, focused } = work;
  return (
    <>
      <section className="places" aria-label={t("redact.foundTitle")}>
        <h2>{t("redact.foundTitle")}</h2>
        {found.length === 0 && <p className="room-dim">{t("redact.noneFound")}</p>}
        {found.length > 0 && open.length === 0 && <p className="room-dim">{t("redact.allCovered", { count: found.length })}</p>}
        <ul>
          {open.map((place) => (
            <li key={place.id}>
              <button
                type="button"
                className="place"
                aria-current={focused === place.id || undefined}
                data-testid={`place-${place.id}`}
                onMouseDown={keepFocus}
                onClick={() => work.pick(place.id)}
              >
                <IconSquareDashed size={16} color="#f0e442" aria-hidden />
                <span>{t("redact.place", { number: place.id.split("-")[1] })}</span>
                <small>{t("redact.cover")}</small>
              </button>
            </li>
          ))}
        </ul>
        {open.length > 1 && (
          <button type="button" className="room-button" data-testid="cover-all" onMouseDown={keepFocus} onClick={work.coverAll}>
            {t("redact.coverAll", { count: open.length })} <Key chord={coverAllKey} />
          </button>
        )}
      </section>
      <section className="places" aria-label={t("redact.blanksTitle")}>
        <h2>{t("redact.blanksTitle")}</h2>
        {redaction.blanks.length === 0 && <p className="room-dim">{t("redact.noBlanks")}</p>}
        <ul>
          {redaction.blanks.map(({ id, box }) => (
            <li key={id}>
              <button
                type="button"
                className="place"
                aria-current={focused === id || undefined}
                data-testid={`place-${id}`}
                onMouseDown={keepFocus}
                onClick={() => work.focus(id)}
              >
                <IconSquareFilled size={16} color="#000000" stroke="#ff8a5c" strokeWidth={2} aria-hidden />
                <span>{t("redact.blank", { number: id.split("-")[1] })}</span>
                <small>{sizeOf(box)}</small>
              </button>
              <button
                type="button"
                className="place-remove"
                aria-label={t("redact.remove", { number: id.split("-")[1] })}
                onMouseDown={keepFocus}
                onClick={() => work.remove(id)}
              >
                <IconTrash size={16} aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

const sizeOf = (box: Box): string => `${Math.round(box.x1 - box.x0)} × ${Math.round(box.y1 - box.y0)}`;
