import type { UploadItem } from "./items";

export interface ListWords {
  readonly columns: readonly [file: string, outcome: string, reason: string, study: string];
  outcome(item: UploadItem): string;
  reason(item: UploadItem): string;
  study(item: UploadItem): string;
}

/** Excel takes a file for UTF-8 only with this mark; without it Chinese names are noise. */
const BYTE_ORDER_MARK = "\ufeff";

/** The list as a table (RFC 4180), made here: the names of files do not go to the server for it. */
export function listCsv(items: readonly UploadItem[], words: ListWords): string {
  const rows = items.map((item) => [
    [item.folder, item.name].filter(Boolean).join("/"),
    words.outcome(item),
    words.reason(item),
    words.study(item),
  ]);
  return BYTE_ORDER_MARK + [words.columns, ...rows].map((row) => row.map(cell).join(",") + "\r\n").join("");
}

/** Quoted where needed; what a spreadsheet would take for a formula is led by an apostrophe. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Hands a text to the browser as a file to keep. */
export function saveText(text: string, filename: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = filename;
  link.click();
  URL.revokeObjectURL(url);
}
