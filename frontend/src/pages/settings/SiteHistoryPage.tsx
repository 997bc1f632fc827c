import { Text } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useSiteEvents } from "../../api/history";
import type { Role, StudyEvent } from "../../api/types";
import type { Texts } from "../../i18n";
import { useFormat } from "../../i18n/format";
import { Card } from "../../panels/Card";
import { ChainTools } from "../../panels/ChainTools";
import { Empty } from "../../panels/Empty";
import { Failure } from "../../panels/Failure";
import { RowsLoading } from "../../panels/Loading";
import { Page } from "../../panels/Page";
import { personName } from "../../panels/personName";

/** What was done to people, cohorts and protocols: who, when, what; the chain can be verified. */
export function Component() {
  const { t } = useTranslation("history");
  const events = useSiteEvents();
  return (
    <Page title={t("site.title")} intro={t("site.intro")} width={1000}>
      <Card>
        <ChainTools study={null} />
        {events.isPending && <RowsLoading rows={8} height={36} />}
        {events.isError && !events.data && <Failure error={events.error} retry={() => void events.refetch()} />}
        {events.data?.length === 0 && <Empty icon={IconHistory} title={t("site.emptyTitle")} text={t("site.emptyText")} />}
        {events.data && events.data.length > 0 && (
          <div className="table-wrap">
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">{t("site.when")}</th>
                  <th scope="col">{t("site.who")}</th>
                  <th scope="col">{t("site.what")}</th>
                  <th scope="col">{t("site.change")}</th>
                </tr>
              </thead>
              <tbody>
                {events.data.map((event, index) => (
                  <Row key={index} event={event} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Card>
    </Page>
  );
}

type SiteVerb = keyof Texts["history"]["siteVerb"];
type SiteValue = keyof Texts["history"]["siteValue"];

/** States and roles in words; a cohort's name and a protocol's figures stay as they are. */
function useValueWords() {
  const { t, i18n } = useTranslation(["history", "common"]);
  const word = (value: string) => {
    if (i18n.exists(`common:role.${value}`)) return t(`common:role.${value as Role}`);
    return i18n.exists(`history:siteValue.${value}`) ? t(`siteValue.${value as SiteValue}`) : value;
  };
  return (noun: string, value: string) => (noun === "cohort" ? value : value.split(", ").map(word).join(i18n.language === "en" ? ", " : "、"));
}

function Row({ event }: { event: StudyEvent }) {
  const { t, i18n } = useTranslation("history");
  const { dateTimeSeconds } = useFormat();
  const key = `${event.noun}_${event.verb}`;
  const words = useValueWords();
  const change = [event.old, event.new].flatMap((value) => (value ? [words(event.noun, value)] : [])).join(" → ");
  return (
    <tr>
      <td style={{ whiteSpace: "nowrap" }}>{dateTimeSeconds(event.at)}</td>
      <td>{personName(event.who) ?? t("machine")}</td>
      <td>{i18n.exists(`history:siteVerb.${key}`) ? t(`siteVerb.${key as SiteVerb}`) : key}</td>
      <td>
        {change}
        {event.reason && (
          <Text size="xs" c="dimmed">
            {event.reason}
          </Text>
        )}
      </td>
    </tr>
  );
}
