import { Stack } from "@mantine/core";
import { IconMoodSmile } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useWorklists } from "../../api/worklists";
import { Empty } from "../../panels/Empty";
import { Failure } from "../../panels/Failure";
import { CardsLoading } from "../../panels/Loading";
import { Page } from "../../panels/Page";
import { DecideList, LabelList, ReadList, ReviewList } from "./lists";

/** What waits for me, role by role: mine first, then how much there is in the pool. */
export function Component() {
  const { t } = useTranslation("work");
  const work = useWorklists();
  const data = work.data;
  const nothing = data && !data.label && !data.review && !data.read && !data.decide;
  return (
    <Page title={t("title")} intro={t("intro")} width={1000}>
      {work.isPending && <CardsLoading cards={2} height={260} />}
      {work.isError && !data && <Failure error={work.error} retry={() => void work.refetch()} />}
      {nothing && <Empty icon={IconMoodSmile} title={t("nothing.title")} text={t("nothing.text")} />}
      {data && (
        <Stack gap="lg">
          {data.label && <LabelList work={data.label} />}
          {data.review && <ReviewList work={data.review} />}
          {data.read && <ReadList work={data.read} />}
          {data.decide && <DecideList work={data.decide} />}
        </Stack>
      )}
    </Page>
  );
}
