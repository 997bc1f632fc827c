import { Button, Group, Text } from "@mantine/core";
import { IconClipboardText, IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { reportAddress, reportText, type ReportForm } from "../../api/results";
import type { StudyResult } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Failure } from "../../panels/Failure";
import { SectionTitle } from "./SectionTitle";

const FILES: readonly Exclude<ReportForm, "txt">[] = ["pdf", "csv", "fhir"];

/** The result to take away, in the language on screen; the badges travel with it. */
export function Reports({ result }: { result: StudyResult }) {
  const { t } = useTranslation("result");
  const { language } = useFormat();
  const { id } = result.study;
  const copy = useMutation({
    mutationFn: async () => {
      const { text } = await reportText(id, language);
      await navigator.clipboard.writeText(text);
    },
  });
  return (
    <section className="no-print" data-testid="reports">
      <SectionTitle>{t("report.title")}</SectionTitle>
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          loading={copy.isPending}
          leftSection={<IconClipboardText size={16} aria-hidden />}
          onClick={() => copy.mutate()}
        >
          {t("report.copy")}
        </Button>
        {FILES.map((form) => (
          <Button
            key={form}
            size="xs"
            variant="default"
            component="a"
            href={reportAddress(id, form, language)}
            download
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            {t(`report.${form}`)}
          </Button>
        ))}
      </Group>
      {copy.isSuccess && (
        <Text size="xs" c="dimmed" mt={4} role="status">
          {t("report.copied")}
        </Text>
      )}
      {copy.isError && <Failure error={copy.error} />}
    </section>
  );
}
