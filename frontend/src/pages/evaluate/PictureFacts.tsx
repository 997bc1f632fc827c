import { useTranslation } from "react-i18next";

import type { EvaluationCaseDetail } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { FactTable } from "./FactTable";
import { useWord } from "./words";

type CasePicture = NonNullable<EvaluationCaseDetail["picture"]>;

/** What there is to know of a picture that came with an imported evaluation. */
export function PictureFacts({ picture, film }: { picture: CasePicture; film: string }) {
  const { t } = useTranslation("evaluate");
  const { number } = useFormat();
  const word = useWord();
  const { columns, rows, original_columns: filmColumns, original_rows: filmRows } = picture;
  const size = (width: number, height: number) => t("picture.size", { columns: number(width), rows: number(height) });
  const lines: [string, string][] = [
    [t("picture.film"), film],
    [t("picture.stored"), size(columns, rows)],
    [t("picture.original"), filmColumns && filmRows ? size(filmColumns, filmRows) : t("picture.unknownSize")],
    [t("picture.snapshot"), picture.snapshot],
    [t("picture.truth"), word(picture.truth_origin) || "–"],
    [t("picture.boxes"), picture.box_sources.join(t("population.comma")) || t("picture.noBoxes")],
  ];
  return <FactTable caption={t("picture.title")} lines={lines} testId="case-picture" />;
}
