import { Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useProtocolVersions } from "../../api/people";
import type { ProtocolVersion } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Mark } from "../../panels/badges";
import { Card } from "../../panels/Card";
import { Failure } from "../../panels/Failure";
import { RowsLoading } from "../../panels/Loading";
import { personName } from "../../panels/personName";

/** Every version of this protocol, newest first, with who made it. */
export function ProtocolVersions({ cohort }: { cohort: string | null }) {
  const { t } = useTranslation("settings");
  const versions = useProtocolVersions();
  const rows = (versions.data ?? []).filter((version) => (version.cohort?.id ?? null) === cohort);
  if (versions.isSuccess && rows.length === 0) return null;
  return (
    <Card title={t("protocol.versions")}>
      {versions.isPending && <RowsLoading rows={3} height={36} />}
      {versions.isError && <Failure error={versions.error} retry={() => void versions.refetch()} />}
      {rows.length > 0 && (
        <div className="table-wrap">
          <table className="table">
            <thead>
              <tr>
                <th scope="col" className="number">{t("protocol.version")}</th>
                <th scope="col">{t("protocol.made")}</th>
                <th scope="col" className="number">{t("protocol.readers")}</th>
                <th scope="col" className="number">{t("protocol.tolerance")}</th>
                <th scope="col">{t("protocol.showAge")}</th>
                <th scope="col" className="number">{t("protocol.twiceShort")}</th>
                <th scope="col" className="number">{t("protocol.repeatsShort")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((version) => (
                <Row key={version.id} version={version} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

function Row({ version }: { version: ProtocolVersion }) {
  const { t } = useTranslation("settings");
  const { t: common } = useTranslation();
  const { dateTime, number, percent } = useFormat();
  return (
    <tr>
      <td className="number" style={{ whiteSpace: "nowrap" }}>
        {number(version.version)}{" "}
        {version.is_active && (
          <Mark tone="good" icon={IconCircleCheck} plain>
            {t("protocol.inForce")}
          </Mark>
        )}
      </td>
      <td>
        {dateTime(version.created_at)}
        <Text size="xs" c="dimmed">
          {personName(version.created_by) ?? common("machine")}
        </Text>
      </td>
      <td className="number">{number(version.readers_required)}</td>
      <td className="number">
        {number(version.tolerance_months)} {t("protocol.months")}
      </td>
      <td>{version.show_chronological_age ? t("protocol.yes") : t("protocol.no")}</td>
      <td className="number">{percent(version.label_twice_share)}</td>
      <td className="number">{percent(version.repeat_share)}</td>
    </tr>
  );
}
