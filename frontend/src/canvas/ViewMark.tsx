import { IconRotateRectangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { FilmStore } from "../core/filmStore";
import { AS_STORED, sameOrientation } from "../core/viewport";
import { useFilmLook } from "./useFilmStore";

/** Says that the film is shown otherwise than it is stored, because it was found turned or mirrored; and the way back. */
export function ViewMark({ store }: { readonly store: FilmStore }) {
  const { t } = useTranslation("workbench");
  const { home, orientation } = useFilmLook(store);
  if (sameOrientation(home, AS_STORED)) return null;
  const upright = sameOrientation(orientation, home);
  const stored = sameOrientation(orientation, AS_STORED);
  const turn = t("view.turned", { degrees: home.quarterTurns * 90 });
  const words = !home.mirrored ? turn : home.quarterTurns === 0 ? t("view.mirrored") : t("view.mirroredAndTurned", { degrees: home.quarterTurns * 90 });
  return (
    <div className="film-mark" data-testid="view-mark">
      <IconRotateRectangle size={15} aria-hidden />
      <span>{upright ? words : stored ? t("view.asStored") : t("view.otherwise")}</span>
      {upright ? (
        <MarkButton text={t("view.showAsStored")} onPress={() => store.showAsStored()} />
      ) : (
        <MarkButton text={t("view.showUpright")} onPress={() => store.showUpright()} />
      )}
    </div>
  );
}

function MarkButton({ text, onPress }: { readonly text: string; onPress(): void }) {
  return (
    <button type="button" onMouseDown={(event) => event.preventDefault()} onClick={onPress}>
      {text}
    </button>
  );
}
