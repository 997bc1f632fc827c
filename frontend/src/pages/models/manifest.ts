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
