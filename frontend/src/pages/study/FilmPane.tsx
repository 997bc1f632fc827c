import { Center, Stack, Text } from "@mantine/core";
import { IconPhotoOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { Study } from "../../api/types";
import { FilmView } from "../../canvas/FilmView";
import type { FilmBox } from "../../canvas/types";
import type { RegionId } from "../../core/regions";

/** The film at full height, with boxes: the model's dashed, a person's solid, those they are held against faint. */
export function FilmPane({
  study,
  boxes,
  focused,
  onPick,
}: {
  study: Study;
  boxes: readonly FilmBox[];
  focused: RegionId | null;
  onPick: (region: RegionId | null) => void;
}) {
  const { t } = useTranslation("study");
  const radiograph = study.radiographs[0];
  if (!radiograph) {
    return (
      <div className="film-room">
        <Center h="100%">
          <Stack align="center" gap="xs">
            <IconPhotoOff size={36} stroke={1.4} aria-hidden />
            <Text size="sm">{t("film.none")}</Text>
          </Stack>
        </Center>
      </div>
    );
  }
  return (
    <div className="film-room" data-mantine-color-scheme="dark">
      <FilmView
        pixelsUrl={radiograph.pixels_url}
        rows={radiograph.rows}
        columns={radiograph.columns}
        window={radiograph.window}
        windows={radiograph.windows}
        view={radiograph.view}
        label={t("film.label", { pseudonym: study.pseudonym })}
        boxes={boxes}
        focused={focused}
        onPick={onPick}
        pixelSpacingMm={radiograph.pixel_spacing_mm}
        readOnly
      />
    </div>
  );
}
