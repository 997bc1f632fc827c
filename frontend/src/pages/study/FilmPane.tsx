import { Center, Stack, Text } from "@mantine/core";
import { IconPhotoOff } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { ScoredRegionBox, Study } from "../../api/types";
import { FilmView } from "../../canvas/FilmView";
import type { FilmBox } from "../../canvas/types";
import { isRegionId, type RegionId } from "../../core/regions";

/** The film at full height, with the model's boxes dashed: proposals, nobody's word yet. */
export function FilmPane({
  study,
  boxes,
  focused,
  onPick,
}: {
  study: Study;
  boxes: readonly ScoredRegionBox[];
  focused: RegionId | null;
  onPick: (region: RegionId | null) => void;
}) {
  const { t } = useTranslation("study");
  const radiograph = study.radiographs[0];
  const shown = useMemo(() => filmBoxes(boxes), [boxes]);
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
        boxes={shown}
        focused={focused}
        onPick={onPick}
        pixelSpacingMm={radiograph.pixel_spacing_mm}
        readOnly
      />
    </div>
  );
}

function filmBoxes(boxes: readonly ScoredRegionBox[]): FilmBox[] {
  return boxes.flatMap(({ region, score: _, ...box }) =>
    isRegionId(region) ? [{ region, box, look: "proposed" as const }] : [],
  );
}
