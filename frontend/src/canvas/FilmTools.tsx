import { Tooltip } from "@mantine/core";
import {
  IconAdjustmentsHorizontal,
  IconContrast2,
  IconFlipVertical,
  IconMaximize,
  IconRotate,
  IconRotateClockwise,
  IconZoomIn,
  IconZoomOut,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { FilmStore } from "../core/filmStore";
import { LABEL_KEYS, chordText, type FilmAction } from "../core/keymap";
import { performFilmAction } from "./filmActions";
import { useFilmLook } from "./useFilmStore";

interface Props {
  readonly store: FilmStore;
  /** Further buttons of the page, above the film's own. */
  readonly children?: ReactNode;
}

const ICONS: readonly (readonly [FilmAction, typeof IconMaximize])[] = [
  ["fit", IconMaximize],
  ["zoomIn", IconZoomIn],
  ["zoomOut", IconZoomOut],
  ["windowPreset", IconAdjustmentsHorizontal],
  ["invert", IconContrast2],
  ["turnLeft", IconRotate],
  ["turnRight", IconRotateClockwise],
  ["mirror", IconFlipVertical],
];

/** The film's buttons; each says its key. */
export function FilmTools({ store, children }: Props) {
  const { t } = useTranslation("workbench");
  const look = useFilmLook(store);
  const pressed: Partial<Record<FilmAction, boolean>> = {
    invert: look.inverted,
    mirror: look.orientation.mirrored,
    fit: look.fits,
  };
  return (
    <div className="film-tools" role="toolbar" aria-label={t("film.tools")} aria-orientation="vertical">
      {children}
      {ICONS.map(([action, Icon]) => (
        <ToolButton
          key={action}
          name={t(`actions.${action}`)}
          keyText={chordText(LABEL_KEYS[action][0] as string)}
          pressed={pressed[action]}
          testId={`film-${action}`}
          onPress={() => performFilmAction(store, action, null)}
        >
          <Icon size={18} stroke={1.7} />
        </ToolButton>
      ))}
    </div>
  );
}

interface ToolButtonProps {
  readonly name: string;
  readonly keyText: string;
  readonly pressed?: boolean | undefined;
  readonly testId: string;
  readonly children: ReactNode;
  onPress(): void;
}

export function ToolButton({ name, keyText, pressed, testId, children, onPress }: ToolButtonProps) {
  return (
    <Tooltip label={`${name} · ${keyText}`} position="right" openDelay={250}>
      <button
        type="button"
        className="film-tool"
        aria-label={name}
        aria-keyshortcuts={keyText}
        aria-pressed={pressed}
        data-testid={testId}
        onClick={onPress}
        // A press on a tool takes no focus away from the film: its keys go on working.
        onMouseDown={(event) => event.preventDefault()}
      >
        {children}
      </button>
    </Tooltip>
  );
}
