/** Where films come from: single files, folders that were chosen or dropped, and zips. */
import { isZip, zipEntries } from "./zipEntries";

/** One film to be sent. Its name and folder are shown to the person who chose it and never leave the browser. */
export interface FilmSource {
  readonly name: string;
  /** The folders or the zip it lay in; empty where it was chosen by itself. */
  readonly folder: string;
  readonly bytes: number;
  /** Out of a zip: unpacked when its turn comes, and only one of them is in memory at a time. */
  readonly packed: boolean;
  /** Its content. Rejects with an ApiError that says why it cannot be had. */
  open(): Promise<Blob>;
}

export interface FoundFile {
  readonly file: File;
  readonly folder: string;
}

/** What operating systems leave in folders and zips; never a film. */
const LITTER = /(^|\/)(__MACOSX(\/|$)|\._[^/]*$|\.DS_Store$|Thumbs\.db$|desktop\.ini$)/i;

/** Characters that have no picture, or that turn the direction of what follows. */
// eslint-disable-next-line no-control-regex
const UNSEEN = /[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

export const isLitter = (path: string): boolean => LITTER.test(path);

export const shownPath = (path: string): string => path.replace(UNSEEN, "\ufffd");

/** Folder and name of a path as a zip or a folder spells it; it is only ever shown. */
export function splitPath(path: string): { folder: string; name: string } {
  const parts = shownPath(path).split(/[\\/]/).filter(Boolean);
  return { name: parts.at(-1) ?? "", folder: parts.slice(0, -1).join("/") };
}

function sourceOf({ file, folder }: FoundFile): FilmSource {
  return { name: shownPath(file.name), folder: shownPath(folder), bytes: file.size, packed: false, open: () => Promise.resolve(file) };
}

/** All files of a file chooser; with their folders where a folder was chosen. */
export function chosenFiles(files: readonly File[]): FoundFile[] {
  return files.map((file) => ({ file, folder: splitPath(file.webkitRelativePath || "").folder }));
}

/** All files of a drop, folders walked through. */
export async function droppedFiles(transfer: DataTransfer): Promise<FoundFile[]> {
  const entries = Array.from(transfer.items)
    .map((item) => item.webkitGetAsEntry?.() ?? null)
    .filter((entry): entry is FileSystemEntry => entry !== null);
  if (entries.length === 0) return chosenFiles(Array.from(transfer.files));
  const found: FoundFile[] = [];
  for (const entry of entries) await walk(entry, found);
  return found;
}

async function walk(entry: FileSystemEntry, found: FoundFile[]): Promise<void> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    found.push({ file, folder: splitPath(entry.fullPath).folder });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // readEntries hands out at most a hundred at a time; an empty answer is the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const inside of some) await walk(inside, found);
  }
}

/** Hands on what was found: plain files at once, then zips entry by entry as their lists of contents are read. */
export async function eachSource(found: readonly FoundFile[], take: (sources: readonly FilmSource[]) => void): Promise<void> {
  const wanted = found.filter(({ file, folder }) => !isLitter(`${folder}/${file.name}`));
  const plain = wanted.filter(({ file }) => !isZip(file));
  if (plain.length > 0) take(plain.map(sourceOf));
  for (const { file, folder } of wanted) {
    if (isZip(file)) take(await zipEntries(file, folder));
  }
}
