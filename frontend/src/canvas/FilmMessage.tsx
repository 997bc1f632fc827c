import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { ApiError } from "../api/client";
import { useErrorText } from "../panels/errorText";

interface Props {
  readonly error: ApiError | null;
  readonly rows: number;
  readonly columns: number;
  retry(): void;
}

/** In the film's place while it comes, or when it does not. */
export function FilmMessage({ error, rows, columns, retry }: Props) {
  const { t } = useTranslation("workbench");
  const errorText = useErrorText();
  if (!error) {
    return <div className="film-skeleton" style={{ aspectRatio: `${columns} / ${rows}` }} role="status" aria-label={t("film.loading")} />;
  }
  return (
    <div className="film-message" role="alert">
      <div>
        <p>{t("film.failed")}</p>
        <p style={{ color: "#9aa7b3", fontSize: 13 }}>{errorText(error)}</p>
        <Button variant="light" color="teal" onClick={retry} onPointerDown={(event) => event.stopPropagation()}>
          {t("film.retry")}
        </Button>
      </div>
    </div>
  );
}
