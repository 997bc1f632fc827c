import { Group, Select, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useBoxSetVersions, useDifferences } from "../../api/history";
import type { BoxSetVersion } from "../../api/types";
import { DifferenceList } from "../../panels/DifferenceList";
import { Failure } from "../../panels/Failure";
import { RowsLoading } from "../../panels/Loading";
import { personName } from "../../panels/personName";
import type { RegionId } from "../../core/regions";
import { SectionTitle } from "./SectionTitle";

/** Which versions lie on the film: one alone, or one beside the version it is held against. */
export interface Compared {
  readonly after: string | null;
  readonly before: string | null;
}

/** People's versions of the boxes, and what changed between two of them. */
export function Versions({
  study,
  compared,
  onCompare,
  focused,
  onFocus,
}: {
  study: string;
  compared: Compared;
  onCompare: (compared: Compared) => void;
  focused: RegionId | null;
  onFocus: (region: RegionId | null) => void;
}) {
  const { t } = useTranslation("history");
  const versions = useBoxSetVersions(study);
  const differences = useDifferences(compared.before ? compared.after : null, compared.before);
  const name = useVersionName();
  if (versions.isError) return <Failure error={versions.error} retry={() => void versions.refetch()} />;
  if (!versions.data || versions.data.length === 0) return null;
  const all = versions.data.map((version) => ({ value: version.id, label: name(version) }));

  return (
    <section>
      <SectionTitle>{t("versions.title")}</SectionTitle>
      <Stack gap="sm">
        <Group gap={8} grow>
          <Select
            label={t("versions.show")}
            placeholder={t("versions.none")}
            clearable
            data={all}
            value={compared.after}
            onChange={(after) => onCompare({ after, before: after ? parentOf(versions.data, after) : null })}
            data-testid="version-after"
          />
          <Select
            label={t("versions.against")}
            placeholder={t("versions.none")}
            clearable
            disabled={compared.after === null}
            data={all.filter(({ value }) => value !== compared.after)}
            value={compared.before}
            onChange={(before) => onCompare({ ...compared, before })}
            data-testid="version-before"
          />
        </Group>
        {compared.before && <Text size="xs" c="dimmed">{t("versions.drawn")}</Text>}
        {differences.isFetching && !differences.data && <RowsLoading rows={3} height={22} />}
        {differences.isError && <Failure error={differences.error} />}
        {compared.before && differences.data && <DifferenceList differences={differences.data} focused={focused} onFocus={onFocus} />}
      </Stack>
    </section>
  );
}

const parentOf = (versions: readonly BoxSetVersion[], id: string): string | null => versions.find((version) => version.id === id)?.parent ?? null;

function useVersionName() {
  const { t } = useTranslation("history");
  const { t: room } = useTranslation("workbench");
  return (version: BoxSetVersion) => {
    const kind = version.is_second ? t("versions.second") : version.is_fix ? t("versions.fix") : null;
    const words = [String(version.version), personName(version.author), room(`label.status.${version.status}`), kind];
    return words.filter(Boolean).join(" · ");
  };
}
