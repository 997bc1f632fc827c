import { Text } from "@mantine/core";
import { IconArrowsMove, IconCircleX, IconPencil, IconPlus, IconResize, IconTag, type TablerIcon } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { BoxDifferences, RegionDifference } from "../api/types";
import { isRegionId, regionColour, regionName, type RegionId } from "../core/regions";
import { useFormat } from "../i18n/format";
import classes from "./DifferenceList.module.css";

const ICONS: Record<RegionDifference["change"], TablerIcon> = {
  same: IconPencil,
  moved: IconArrowsMove,
  resized: IconResize,
  added: IconPlus,
  absent: IconCircleX,
  removed: IconCircleX,
  marked: IconTag,
};

/** What changed, region by region: an icon, a word, and by how much. Regions that are the same are only counted. */
export function DifferenceList({
  differences,
  focused,
  onFocus,
}: {
  differences: BoxDifferences;
  focused: RegionId | null;
  onFocus: (region: RegionId | null) => void;
}) {
  const { t } = useTranslation("history");
  const changed = differences.regions.filter(({ change }) => change !== "same");
  return (
    <div data-testid="differences">
      <Text size="sm" fw={600} role="status">
        {t("difference.changed", { count: changed.length })}
      </Text>
      <ul className={classes.list}>
        {changed.map((row) => (
          <Row key={row.region} row={row} focused={focused} onFocus={onFocus} />
        ))}
      </ul>
    </div>
  );
}

function Row({ row, focused, onFocus }: { row: RegionDifference; focused: RegionId | null; onFocus: (region: RegionId | null) => void }) {
  const { language } = useFormat();
  const words = useDifferenceWords();
  const Icon = ICONS[row.change];
  if (!isRegionId(row.region)) return null;
  const region = row.region;
  return (
    <li>
      <button
        type="button"
        className={classes.row}
        aria-pressed={focused === region}
        onClick={() => onFocus(focused === region ? null : region)}
        data-testid={`difference-${region}`}
        data-change={row.change}
      >
        <span className={classes.dot} style={{ background: regionColour(region) }} aria-hidden />
        <span className={classes.name}>{regionName(region, language)}</span>
        <Icon size={14} aria-hidden />
        <span>{words(row)}</span>
      </button>
    </li>
  );
}

/** One region's change as a sentence without its name. */
export function useDifferenceWords(): (row: RegionDifference) => string {
  const { t } = useTranslation("history");
  const { t: room } = useTranslation("workbench");
  const { number, signed } = useFormat();
  return (row) => {
    const shift = row.shift_mm === null ? t("difference.px", { px: number(row.shift_px ?? 0, 1) }) : t("difference.pxMm", { px: number(row.shift_px ?? 0, 1), mm: number(row.shift_mm, 1) });
    if (row.change === "moved") return t("difference.moved", { shift });
    if (row.change === "resized") {
      return t("difference.resized", { width: signed(row.width_px ?? 0), height: signed(row.height_px ?? 0), shift });
    }
    if (row.change === "absent" && row.after.absent_reason) {
      return t("difference.absent", { reason: room(`reasonWords.${row.after.absent_reason}`) });
    }
    return t(`difference.${row.change}`);
  };
}
