import { useTranslation } from "react-i18next";

import type { SnapshotContents } from "../../api/types";
import { isRegionId, regionName } from "../../core/regions";
import { useFormat } from "../../i18n/format";

const COLUMNS = ["films", "children", "girls", "boys", "sex_unknown", "with_bone_age", "with_boxes"] as const;

/** Films of each part. */
export function PartsTable({ contents }: { contents: SnapshotContents }) {
  const { t } = useTranslation("snapshots");
  const { number } = useFormat();
  return (
    <div className="table-wrap">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t("contents.part")}</th>
            {COLUMNS.map((name) => (
              <th key={name} scope="col" className="number">
                {t(`contents.column.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {contents.parts.map((row) => (
            <tr key={row.part}>
              <td>{t(`count.${row.part as "train"}`)}</td>
              {COLUMNS.map((name) => (
                <td key={name} className="number">
                  {number(row[name])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** How often each region is boxed, or marked absent. */
export function RegionsTable({ contents }: { contents: SnapshotContents }) {
  const { t } = useTranslation("snapshots");
  const { number, language } = useFormat();
  return (
    <div className="table-wrap">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t("contents.region")}</th>
            <th scope="col" className="number">
              {t("contents.boxed")}
            </th>
            <th scope="col" className="number">
              {t("contents.absent")}
            </th>
          </tr>
        </thead>
        <tbody>
          {contents.regions.map((row) => (
            <tr key={row.region}>
              <td>{isRegionId(row.region) ? regionName(row.region, language) : row.region}</td>
              <td className="number">{number(row.boxed)}</td>
              <td className="number">{number(row.absent)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
