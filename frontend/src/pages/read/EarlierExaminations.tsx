import { useTranslation } from "react-i18next";

import type { ReadingRoom } from "../../api/types";
import { useFormat } from "../../i18n/format";

type Earlier = NonNullable<ReadingRoom["revealed"]>["earlier"];

/** The child at younger ages, shown only after the lock. */
export function EarlierExaminations({ earlier }: { readonly earlier: Earlier }) {
  const { t } = useTranslation("reading");
  const { age } = useFormat();
  return (
    <table className="read-earlier" data-testid="earlier">
      <caption>{t("earlier")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("earlierAge")}</th>
          <th scope="col">{t("earlierBoneAge")}</th>
        </tr>
      </thead>
      <tbody>
        {earlier.map((each) => (
          <tr key={each.chronological_age_months}>
            <td>{age(each.chronological_age_months)}</td>
            <td>{each.bone_age_months === null ? t("earlierNotYet") : age(each.bone_age_months)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
