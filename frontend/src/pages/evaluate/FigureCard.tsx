import { Button, Menu, Skeleton } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { IconDownload } from "@tabler/icons-react";
import { useRef, useState, type ReactNode, type RefObject } from "react";
import { useTranslation } from "react-i18next";

import type { Cell, Figure } from "../../api/figures";
import type { Evaluation } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Card } from "../../panels/Card";
import { ChartCard } from "../../panels/ChartCard";
import { Failure } from "../../panels/Failure";
import { savePng, saveSvg } from "../../panels/plot/save";
import { usePopulationName } from "./population";
import { useColumnName, useWord } from "./words";

const HEIGHT = 310;

/** A figure with its table one click away, and as CSV, SVG and PNG; each file says which model, on whom, and what not. */
export function FigureCard<Values>({
  evaluation,
  title,
  intro,
  figure,
  csv,
  height = HEIGHT,
  children,
}: {
  evaluation: Evaluation;
  title: string;
  intro?: ReactNode | ((values: Values) => ReactNode);
  figure: UseQueryResult<Figure<Values>>;
  csv: string;
  height?: number;
  children: (values: Values, drawing: RefObject<SVGSVGElement | null>) => ReactNode;
}) {
  const columnName = useColumnName();
  const cell = useCell();
  const drawing = useRef<SVGSVGElement>(null);
  if (!figure.data) {
    return (
      <Card title={title}>
        {figure.isError ? (
          <Failure error={figure.error} retry={() => void figure.refetch()} />
        ) : (
          <Skeleton height={height} radius={12} />
        )}
      </Card>
    );
  }
  const { columns, rows, values } = figure.data;
  return (
    <div data-figure={figure.data.figure} aria-busy={figure.isPlaceholderData} style={{ opacity: figure.isPlaceholderData ? 0.6 : 1 }}>
      <ChartCard
        title={title}
        intro={typeof intro === "function" ? intro(values) : intro}
        columns={columns.map(columnName)}
        rows={() => rows.map((row) => row.map((value, i) => cell(value, columns[i] ?? "")))}
        tools={<Files evaluation={evaluation} title={title} csv={csv} drawing={drawing} name={figure.data.figure} />}
      >
        {children(values, drawing)}
      </ChartCard>
    </div>
  );
}

/** Months become years; names become words. */
export function useCell(): (value: Cell, column: string) => string {
  const { number, percent } = useFormat();
  const word = useWord();
  return (value, column) => {
    if (value === null) return "–";
    if (typeof value === "string") return word(value);
    if (typeof value === "boolean") return word(value ? "yes" : "no");
    if (column === "borrowed") return word(value ? "yes" : "no");
    if (column === "year") return String(value);
    if (/^(found|recall_iou|centre_)/.test(column)) return percent(value, 1);
    if (/^(median_iou|average_precision)$|_years$/.test(column)) return number(value, 2);
    if (/months|^mae_|^bias_|^truth_|_mae$|^difference/.test(column)) return number(value / 12, 2);
    return number(value);
  };
}

function Files({
  evaluation,
  title,
  csv,
  drawing,
  name,
}: {
  evaluation: Evaluation;
  title: string;
  csv: string;
  drawing: RefObject<SVGSVGElement | null>;
  name: string;
}) {
  const { t } = useTranslation("evaluate");
  const marks = useMarks(evaluation, title);
  const [drawn, setDrawn] = useState(false); // figures that are tables have nothing to draw
  const file = `${name}-${evaluation.id}`;
  const draw = (save: (svg: SVGSVGElement) => unknown) => drawing.current && void save(drawing.current);
  return (
    <Menu position="bottom-end" withinPortal onOpen={() => setDrawn(drawing.current !== null)}>
      <Menu.Target>
        <Button size="compact-xs" variant="subtle" leftSection={<IconDownload size={14} aria-hidden />}>
          {t("files.save")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={csv} download>
          {t("files.csv")}
        </Menu.Item>
        <Menu.Item onClick={() => draw((svg) => saveSvg(svg, file, marks))} disabled={!drawn}>
          {t("files.svg")}
        </Menu.Item>
        <Menu.Item onClick={() => draw((svg) => savePng(svg, file, marks))} disabled={!drawn}>
          {t("files.png")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Two lines for a drawing that leaves the page: what it is, and what its numbers rest on. */
export function useMarks(evaluation: Evaluation, title: string): string[] {
  const { t } = useTranslation("evaluate");
  const { t: common } = useTranslation();
  const populationName = usePopulationName();
  return [
    `${title} · ${evaluation.model.label} · ${populationName(evaluation.population)}`,
    [
      common("badge.research"),
      evaluation.population.synthetic ? common("badge.synthetic") : null,
      evaluation.truth_is_model ? t("truthIsModel.title") : null,
      evaluation.model.hash.slice(0, 16),
    ]
      .filter(Boolean)
      .join(" · "),
  ];
}
