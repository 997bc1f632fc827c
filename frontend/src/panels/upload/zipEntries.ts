/** Zips, opened in the browser: the server only ever sees single films. */
import { ApiError } from "../../api/client";
import { splitPath, isLitter, shownPath, type FilmSource } from "./sources";

/** No film is larger; what unpacks to more is no film but a bomb, whatever its list of contents says. */
export const LARGEST_ENTRY_BYTES = 512 * 1024 * 1024;
/** More than any export of films holds; the list of contents itself must stay small. */
const MOST_ENTRIES = 100_000;

export const isZip = (file: File): boolean =>
  /\.zip$/i.test(file.name) || file.type === "application/zip" || file.type === "application/x-zip-compressed";

/** The reader of zips is a chunk of its own, loaded with the first zip. */
const loadReader = () => import("./zipReader");

const refusal = (code: string): ApiError => new ApiError(code, "This part of the zip cannot be read.", 0);

/**
 * The films of a zip, each unpacked only when it is opened. A zip that cannot be read is one source that says so.
 * Encrypted, nested and far too large entries are sources that refuse to open, so that nothing is left out silently.
 */
export async function zipEntries(file: File, folder: string): Promise<FilmSource[]> {
  const within = [shownPath(folder), shownPath(file.name)].filter(Boolean).join("/");
  const broken = (code: string): FilmSource[] => [
    { name: shownPath(file.name), folder: shownPath(folder), bytes: file.size, packed: true, open: () => Promise.reject(refusal(code)) },
  ];
  const { BlobReader, ZipReader } = await loadReader();
  const reader = new ZipReader(new BlobReader(file), { checkSignature: true, useWebWorkers: false, useCompressionStream: true });
  const sources: FilmSource[] = [];
  try {
    for await (const entry of reader.getEntriesGenerator({ decodeText: decodedName })) {
      if (sources.length >= MOST_ENTRIES) return broken("zip_too_many");
      if (entry.directory || isLitter(entry.filename)) continue;
      const { name, folder: inside } = splitPath(entry.filename);
      sources.push({
        name,
        folder: [within, inside].filter(Boolean).join("/"),
        bytes: entry.uncompressedSize,
        packed: true,
        open() {
          if (entry.encrypted) return Promise.reject(refusal("zip_encrypted"));
          if (/\.zip$/i.test(name)) return Promise.reject(refusal("zip_nested"));
          if (entry.uncompressedSize > LARGEST_ENTRY_BYTES) return Promise.reject(refusal("zip_too_large"));
          return unpacked((sink) => entry.getData(sink));
        },
      });
    }
  } catch {
    return broken("zip_damaged");
  }
  return sources.length > 0 ? sources : broken("zip_empty");
}

/** The bytes of one entry; counted while they come, for a list of contents may lie. */
async function unpacked(read: (sink: WritableStream<Uint8Array>) => Promise<unknown>): Promise<Blob> {
  const parts: BlobPart[] = [];
  let bytes = 0;
  const sink = new WritableStream<Uint8Array>({
    write(chunk) {
      bytes += chunk.byteLength;
      if (bytes > LARGEST_ENTRY_BYTES) throw refusal("zip_too_large");
      // Copied: the unpacker may use its buffer again.
      parts.push(chunk.slice());
    },
  });
  try {
    await read(sink);
  } catch (failure) {
    throw bytes > LARGEST_ENTRY_BYTES ? refusal("zip_too_large") : asDamage(failure);
  }
  return new Blob(parts, { type: "application/octet-stream" });
}

const asDamage = (failure: unknown): ApiError =>
  failure instanceof DOMException && failure.name === "NotReadableError" ? refusal("unreadable_file") : refusal("zip_damaged");

/**
 * Names in a zip are UTF-8 where its flag says so; else whatever the computer that made it spoke: UTF-8 where it is
 * valid UTF-8, otherwise GB18030, which holds GBK and is what Chinese Windows writes.
 */
export function decodedName(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}
