import { Button, Menu } from "@mantine/core";
import { IconChevronDown, IconDownload, IconFileZip, IconTable } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { address } from "../../api/address";
import { useSession } from "../../api/session";

const BOX_FORMATS = ["voc", "yolo", "coco", "csv"] as const;
const TABLE_FORMATS = ["csv", "parquet"] as const;

/** Takes data out, as files of other programs: plain links, which the browser saves. */
export function ExportMenu({ cohort }: { readonly cohort: string | null }) {
  const { t } = useTranslation("studies");
  const { has } = useSession();
  if (!has("researcher") && !has("administrator")) return null;
  return (
    <Menu position="bottom-end" shadow="md" transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} rightSection={<IconChevronDown size={14} aria-hidden />}>
          {t("export.button")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{cohort ? t("export.boxesOfCohort") : t("export.boxes")}</Menu.Label>
        {BOX_FORMATS.map((format) => (
          <Menu.Item key={format} component="a" href={address("/exports/boxes", { format, cohort })} download leftSection={<IconFileZip size={16} aria-hidden />}>
            {t(`export.box.${format}`)}
          </Menu.Item>
        ))}
        <Menu.Label>{cohort ? t("export.tableOfCohort") : t("export.table")}</Menu.Label>
        {TABLE_FORMATS.map((format) => (
          <Menu.Item key={format} component="a" href={address("/exports/studies", { format, cohort })} download leftSection={<IconTable size={16} aria-hidden />}>
            {t(`export.study.${format}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
