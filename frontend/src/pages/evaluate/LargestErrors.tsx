import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { EvaluationCase } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Card } from "../../panels/Card";
import { largestErrors } from "./points";

const SHOWN = 10;

/** Where the model was furthest off; one click from here to the film, where it is a study of this workplace. */
export function LargestErrors({ cases }: { cases: readonly EvaluationCase[] }) {
  const { t } = useTranslation("evaluate");
  const { t: common } = useTranslation();
  const { age, ageDifference } = useFormat();
  return (
    <Card title={t("largest.title")} intro={t("largest.intro")}>
      <div className="table-wrap">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t("case.difference")}</th>
              <th scope="col">{t("case.truthColumn")}</th>
              <th scope="col">{t("case.modelColumn")}</th>
              <th scope="col">{t("case.sex")}</th>
            </tr>
          </thead>
          <tbody>
            {largestErrors(cases, SHOWN).map((one) => {
              const difference = ageDifference(one.predicted_months - one.truth_months);
              return (
                <tr key={one.id}>
                  <td>
                    {one.study ? (
                      <Link className="row-link" to={`/studies/${one.study}`}>
                        {difference}
                      </Link>
                    ) : (
                      <b>{difference}</b>
                    )}
                  </td>
                  <td>{age(one.truth_months)}</td>
                  <td>{age(one.predicted_months)}</td>
                  <td>{common(`sex.${one.sex}`)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
