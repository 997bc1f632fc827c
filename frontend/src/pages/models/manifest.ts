/** A nested record as pairs of a dotted name and a text, for a table; lists of plain values in one line. */
export function flatten(
  value: unknown,
  showNumber: (value: number) => string,
  prefix = "",
): (readonly [string, string])[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value) && value.every((item) => typeof item !== "object" || item === null)) {
    return [[prefix, value.map((item) => (typeof item === "number" ? showNumber(item) : String(item))).join(" – ")]];
  }
  if (typeof value === "object") {
    return Object.entries(value).flatMap(([name, child]) =>
      flatten(child, showNumber, prefix ? `${prefix}.${name}` : name),
    );
  }
  return [[prefix, typeof value === "number" ? showNumber(value) : String(value)]];
}

/** The same record without what a page draws of it elsewhere: whole figures, hundreds of numbers each. */
export function withoutFigures(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([name]) => name !== "figure");
  return Object.fromEntries(kept.map(([name, child]) => [name, withoutFigures(child)]));
}

export interface MeasureTable {
  path: string;
  columns: string[];
  rows: { name: string; values: (number | null)[] }[];
}

/** Takes the records out whose children are all records of numbers (a measure by region, say): they are tables. */
export function tablesOf(value: unknown, path = ""): { rest: unknown; tables: MeasureTable[] } {
  if (!isRecord(value)) return { rest: value, tables: [] };
  const children = Object.entries(value);
  if (children.length > 1 && children.every(([, child]) => isNumbers(child))) {
    const columns = [...new Set(children.flatMap(([, child]) => Object.keys(child as object)))];
    const rows = children.map(([name, child]) => ({
      name,
      values: columns.map((column) => (child as Record<string, number>)[column] ?? null),
    }));
    return { rest: {}, tables: [{ path, columns, rows }] };
  }
  const parts = children.map(([name, child]) => [name, tablesOf(child, path ? `${path}.${name}` : name)] as const);
  return {
    rest: Object.fromEntries(parts.map(([name, part]) => [name, part.rest])),
    tables: parts.flatMap(([, part]) => part.tables),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isNumbers(value: unknown): boolean {
  return isRecord(value) && Object.values(value).length > 0 && Object.values(value).every((n) => typeof n === "number");
}
