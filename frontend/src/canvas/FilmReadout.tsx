import { useTranslation } from "react-i18next";

import type { FilmLook } from "../core/filmStore";
import { sameOrientation } from "../core/viewport";
import { useFormat } from "../i18n/format";

interface Props {
  readonly look: FilmLook;
  readonly pixelSpacingMm: readonly [number, number] | null;
  readonly renderer?: string;
}

/** Window, zoom and size of a pixel, in the corner of the film. */
export function FilmReadout({ look, pixelSpacingMm }: Props) {
  const { t } = useTranslation("workbench");
  const { number, percent } = useFormat();
  const parts = [
    t("film.window", { width: number(look.window.width), center: number(look.window.center) }),
    t("film.zoom", { zoom: percent(look.viewport.scale) }),
    pixelSpacingMm ? t("film.spacing", { mm: number(pixelSpacingMm[0], 3) }) : "",
    look.inverted ? t("film.inverted") : "",
    sameOrientation(look.orientation, look.home) ? "" : t("film.turned"),
  ];
  return (
    <div className="film-reading" data-testid="film-readout">
      {parts.filter(Boolean).join(" · ")}
    </div>
  );
}
