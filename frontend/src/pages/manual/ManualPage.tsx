import { useTranslation } from "react-i18next";

import { DocumentPage } from "./DocumentPage";
import { MANUALS } from "./pages";

/** /manual#region: how to label, the text of docs/labelling. */
export function Component() {
  const { t } = useTranslation("manual");
  return <DocumentPage name="labelling" title={t("title")} texts={MANUALS} />;
}
