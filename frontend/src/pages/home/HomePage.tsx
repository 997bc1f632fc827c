import { Grid, Stack } from "@mantine/core";
import { IconMoodSmile } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useHome } from "../../api/home";
import { useSession } from "../../api/session";
import { Empty } from "../../panels/Empty";
import { Failure } from "../../panels/Failure";
import { CardsLoading } from "../../panels/Loading";
import { Page } from "../../panels/Page";
import { Funnel } from "./Funnel";
import { QueueCards } from "./QueueCards";
import { Returned } from "./Returned";
import { StartCard } from "./StartCard";

export function Component() {
  const { t } = useTranslation("home");
  const { user, has } = useSession();
  const home = useHome();
  const name = user?.display_name || user?.username || "";

  return (
    <Page title={t("greeting", { name })} intro={t("intro")}>
      {home.isPending && <CardsLoading cards={3} height={222} />}
      {home.isError && !home.data && <Failure error={home.error} retry={() => void home.refetch()} />}
      {home.data && (
        <Stack gap="lg">
          {home.data.funnel?.received === 0 && <StartCard />}
          <div className="queues">
            <QueueCards home={home.data} />
          </div>
          <Grid gap="lg">
            {home.data.funnel && (
              <Grid.Col span={{ base: 12, md: home.data.label?.returned.length ? 7 : 12 }}>
                <Funnel funnel={home.data.funnel} />
              </Grid.Col>
            )}
            {home.data.label && home.data.label.returned.length > 0 && (
              <Grid.Col span={{ base: 12, md: home.data.funnel ? 5 : 12 }}>
                <Returned returned={home.data.label.returned} />
              </Grid.Col>
            )}
          </Grid>
          {user?.roles.length === 0 && !has("labeller") && (
            <Empty icon={IconMoodSmile} title={t("noRoles.title")} text={t("noRoles.text")} />
          )}
        </Stack>
      )}
    </Page>
  );
}
