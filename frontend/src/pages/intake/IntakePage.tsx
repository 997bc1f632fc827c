import { useTranslation } from "react-i18next";

import { useIntake } from "../../api/gate";
import { Failure } from "../../panels/Failure";
import { CardsLoading } from "../../panels/Loading";
import { Page } from "../../panels/Page";
import { ChooseFilms } from "../../panels/upload/ChooseFilms";
import { DropAnywhere } from "../../panels/upload/DropAnywhere";
import { DoorCounts } from "./DoorCounts";
import { GateCards } from "./GateCards";
import { Records } from "./Records";
import "./intake.css";

/** /intake: what waits, what is blocked, and what has come in through which door. */
export function Component() {
  const { t } = useTranslation("gate");
  const intake = useIntake();
  return (
    <Page title={t("intake.title")} intro={t("intake.intro")} actions={<ChooseFilms />}>
      <DropAnywhere />
      <div className="intake" data-testid="intake">
        {intake.isPending && <CardsLoading cards={3} height={132} />}
        {intake.isError && <Failure error={intake.error} retry={() => void intake.refetch()} />}
        {intake.data && (
          <>
            <GateCards intake={intake.data} />
            {intake.data.counts.length > 0 && <DoorCounts counts={intake.data.counts} />}
          </>
        )}
        <Records />
      </div>
    </Page>
  );
}
