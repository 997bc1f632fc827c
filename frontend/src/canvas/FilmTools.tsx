import { Menu, Tooltip } from "@mantine/core";
import {
  IconAdjustmentsHorizontal,
  IconCheck,
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

import type { FilmPreset, FilmStore } from "../core/filmStore";
import { chordText, type FilmAction } from "../core/keymap";
import { WINDOW_PRESETS } from "../core/window";
import { useFormat } from "../i18n/format";
import { performFilmAction } from "./filmActions";
import { useFilmLook } from "./useFilmStore";
import { usePersonKeys } from "./usePersonKeys";

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
  const keys = usePersonKeys().label;
  const pressed: Partial<Record<FilmAction, boolean>> = {
    invert: look.inverted,
    mirror: look.orientation.mirrored,
    fit: look.fits,
  };
  return (
    <div className="film-tools" role="toolbar" aria-label={t("film.tools")} aria-orientation="vertical">
      {children}
      {ICONS.map(([action, Icon]) =>
        action === "windowPreset" ? (
          <WindowMenu key={action} store={store} />
        ) : (
          <ToolButton
            key={action}
            name={t(`actions.${action}`)}
            keyText={chordText(keys[action][0] ?? "")}
            pressed={pressed[action]}
            testId={`film-${action}`}
            onPress={() => performFilmAction(store, action, null)}
          >
            <Icon size={18} stroke={1.7} />
          </ToolButton>
        ),
      )}
    </div>
  );
}

/** The windows to choose from: the film's default, what else its header names, and three that fit any film. */
function WindowMenu({ store }: { readonly store: FilmStore }) {
  const { t } = useTranslation("workbench");
  const { number } = useFormat();
  const look = useFilmLook(store);
  const name = t("film.windows");
  const keyText = chordText(usePersonKeys().label.windowPreset[0] ?? "");
  const entries: readonly (readonly [FilmPreset, string])[] = [
    ["default", t("windowPreset.default")],
    ...look.headerWindows.map(({ center, width }, at) => [at, t("film.headerWindow", { number: at + 2, width: number(width), center: number(center) })] as const),
    ...WINDOW_PRESETS.filter((preset) => preset !== "default").map((preset) => [preset, t(`windowPreset.${preset}`)] as const),
  ];
  return (
    <Menu position="right-start" withinPortal shadow="md" transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <button
          type="button"
          className="film-tool"
          aria-label={name}
          title={`${name} · ${keyText}`}
          aria-keyshortcuts={keyText}
          data-testid="film-windowPreset"
          onMouseDown={(event) => event.preventDefault()}
        >
          <IconAdjustmentsHorizontal size={18} stroke={1.7} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {entries.map(([preset, text]) => (
          <Menu.Item
            key={preset}
            rightSection={look.preset === preset ? <IconCheck size={15} aria-hidden /> : <span style={{ width: 15 }} />}
            aria-current={look.preset === preset || undefined}
            onClick={() => store.choosePreset(preset)}
          >
            {text}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
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
