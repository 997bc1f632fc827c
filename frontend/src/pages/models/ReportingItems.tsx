import { Button, Group, Text } from "@mantine/core";
import { IconAlertTriangle, IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useModelStatements, useStateItem } from "../../api/models";
import { useSession } from "../../api/session";
import type { StatedItem } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { AskReason } from "../../panels/AskReason";
import { Mark } from "../../panels/badges";
import { Card } from "../../panels/Card";
import { Failure } from "../../panels/Failure";
import { RowsLoading } from "../../panels/Loading";
import { personName } from "../../panels/personName";

/** What CLAIM and TRIPOD+AI ask for and no manifest answers: stated by people, or named as missing. */
export function ReportingItems({ model }: { model: string }) {
  const { t } = useTranslation("models");
  const { language, number } = useFormat();
  const { has } = useSession();
  const items = useModelStatements(model);
  const state = useStateItem(model);
  const [asked, setAsked] = useState<StatedItem | null>(null);
  const may = has("researcher") || has("administrator");
  const name = (item: StatedItem) => (language === "en" ? item.name_en : item.name_zh);
  return (
    <Card title={t("reporting.title")} intro={t("reporting.intro")}>
      {items.isPending && <RowsLoading rows={4} height={26} />}
      {items.isError && !items.data && <Failure error={items.error} retry={() => void items.refetch()} />}
      {items.data && (
        <>
          {items.data.missing > 0 && (
            <Mark tone="warn" icon={IconAlertTriangle}>
              {t("reporting.missing", {
                missing: number(items.data.missing),
                total: number(items.data.results.length),
              })}
            </Mark>
          )}
          <div className="table-wrap" style={{ marginTop: 8 }}>
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">{t("reporting.item")}</th>
                  <th scope="col">{t("reporting.claim")}</th>
                  <th scope="col">{t("reporting.tripod")}</th>
                  <th scope="col">{t("reporting.said")}</th>
                </tr>
              </thead>
              <tbody>
                {items.data.results.map((item) => (
                  <tr key={item.item}>
                    <td>{name(item)}</td>
                    <td>{item.claim || "–"}</td>
                    <td>{item.tripod || "–"}</td>
                    <td>
                      <Group gap="xs" justify="space-between" wrap="nowrap" align="flex-start">
                        <Said item={item} />
                        {may && (
                          <Button
                            size="compact-xs"
                            variant="subtle"
                            leftSection={<IconPencil size={14} aria-hidden />}
                            aria-label={`${t("reporting.state")}: ${name(item)}`}
                            onClick={() => setAsked(item)}
                          >
                            {t("reporting.state")}
                          </Button>
                        )}
                      </Group>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
      {asked && (
        <AskReason
          opened
          onClose={() => setAsked(null)}
          title={name(asked)}
          text={asked.text ? t("reporting.before", { text: asked.text }) : t("reporting.none")}
          label={t("reporting.said")}
          confirm={t("reporting.state")}
          pending={state.isPending}
          error={state.error}
          onConfirm={(text) => state.mutate({ item: asked.item, text }, { onSuccess: () => setAsked(null) })}
        />
      )}
    </Card>
  );
}

function Said({ item }: { item: StatedItem }) {
  const { t } = useTranslation("models");
  const { dateTime } = useFormat();
  if (item.text === null) {
    return (
      <Text size="sm" c="dimmed">
        {t("reporting.isMissing")}
      </Text>
    );
  }
  return (
    <div>
      <Text size="sm" style={{ whiteSpace: "pre-line" }}>
        {item.text}
      </Text>
      <Text size="xs" c="dimmed">
        {personName(item.by)} · {item.at && dateTime(item.at)}
      </Text>
    </div>
  );
}
