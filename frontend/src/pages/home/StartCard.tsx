import { Button } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { Card } from "../../panels/Card";
import { Empty } from "../../panels/Empty";

/** The first thing on an installation without films. */
export function StartCard() {
  const { t } = useTranslation("home");
  return (
    <Card>
      <Empty
        icon={IconUpload}
        title={t("start.title")}
        text={t("start.text")}
        action={
          <Button component={Link} to="/studies">
            {t("start.button")}
          </Button>
        }
      />
    </Card>
  );
}
