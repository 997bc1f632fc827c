// @vitest-environment node
import { BlobWriter, TextReader, ZipWriter } from "@zip.js/zip.js/lib/zip-core-native.js";
import { describe, expect, it } from "vitest";

import { listCsv } from "../src/panels/upload/listCsv";
import { rowsInView, tops } from "../src/panels/upload/rowsInView";
import { eachSource, isLitter, splitPath, type FilmSource } from "../src/panels/upload/sources";
import { decodedName, zipEntries } from "../src/panels/upload/zipEntries";

async function zipOf(entries: readonly (readonly [name: string, text: string])[], options = {}): Promise<File> {
  const writer = new ZipWriter(new BlobWriter("application/zip"), { useWebWorkers: false });
  for (const [name, text] of entries) await writer.add(name, new TextReader(text), options);
  return new File([await writer.close()], "films.zip");
}

const codeOf = (source: FilmSource | undefined) => source?.open().then(() => "opened", (error: { code: string }) => error.code);

describe("a zip", () => {
  it("gives its entries one by one, with their folders, and leaves out what systems put in", async () => {
    const file = await zipOf([["child/left/a.dcm", "one"], ["__MACOSX/child/._a.dcm", "x"], ["b", "two"]]);
    const sources = await zipEntries(file, "from the ward");
    expect(sources.map(({ folder, name, bytes }) => [folder, name, bytes])).toEqual([
      ["from the ward/films.zip/child/left", "a.dcm", 3],
      ["from the ward/films.zip", "b", 3],
    ]);
    expect(await (await (sources[0] as FilmSource).open()).text()).toBe("one");
    expect(await (await (sources[0] as FilmSource).open()).text()).toBe("one");
  });

  it("with a password says so for its entries, not for the others", async () => {
    const writer = new ZipWriter(new BlobWriter("application/zip"), { useWebWorkers: false });
    await writer.add("locked.dcm", new TextReader("secret"), { password: "p", zipCrypto: true });
    await writer.add("open.dcm", new TextReader("open"));
    const sources = await zipEntries(new File([await writer.close()], "films.zip"), "");
    expect(await codeOf(sources[0])).toBe("zip_encrypted");
    expect(await codeOf(sources[1])).toBe("opened");
  });

  it("that is damaged gives the damaged entry its refusal", async () => {
    const text = "a film ".repeat(400);
    const bytes = new Uint8Array(await (await zipOf([["a.dcm", text], ["b.dcm", text]], { level: 0 })).arrayBuffer());
    bytes[200] = (bytes[200] as number) ^ 0xff;
    const sources = await zipEntries(new File([bytes], "films.zip"), "");
    expect(await codeOf(sources[0])).toBe("zip_damaged");
    expect(await codeOf(sources[1])).toBe("opened");
  });

  it("that is none is one refusal", async () => {
    const sources = await zipEntries(new File(["not a zip at all"], "films.zip"), "");
    expect(sources).toHaveLength(1);
    expect(await codeOf(sources[0])).toBe("zip_damaged");
    expect(await codeOf((await zipEntries(await zipOf([]), ""))[0])).toBe("zip_empty");
  });

  it("inside a zip is not opened", async () => {
    expect(await codeOf((await zipEntries(await zipOf([["more.zip", "x"]]), ""))[0])).toBe("zip_nested");
  });

  it("that lies about its sizes unpacks nothing", async () => {
    const bytes = new Uint8Array(await (await zipOf([["a.dcm", "x".repeat(5_000)]])).arrayBuffer());
    // The uncompressed size in the central directory: 24 bytes behind its signature.
    const at = bytes.findIndex((_, i) => bytes[i] === 0x50 && bytes[i + 1] === 0x4b && bytes[i + 2] === 1 && bytes[i + 3] === 2);
    new DataView(bytes.buffer).setUint32(at + 24, 10, true);
    expect(await codeOf((await zipEntries(new File([bytes], "films.zip"), ""))[0])).toBe("zip_damaged");
    new DataView(bytes.buffer).setUint32(at + 24, 0x7fffffff, true);
    expect(await codeOf((await zipEntries(new File([bytes], "films.zip"), ""))[0])).toBe("zip_too_large");
  });

  it("from a Chinese computer keeps its names", () => {
    const gbk = new Uint8Array([0xd7, 0xf3, 0xca, 0xd6, 0x2e, 0x64, 0x63, 0x6d]);
    expect(decodedName(gbk)).toBe("左手.dcm");
    expect(decodedName(new TextEncoder().encode("左手.dcm"))).toBe("左手.dcm");
  });
});

describe("what was found", () => {
  it("comes as plain films first, then zips entry by entry", async () => {
    const taken: string[][] = [];
    const found = [
      { file: await zipOf([["in.dcm", "x"]]), folder: "" },
      { file: new File(["x"], "plain.dcm"), folder: "folder" },
      { file: new File(["x"], ".DS_Store"), folder: "folder" },
    ];
    await eachSource(found, (sources) => taken.push(sources.map(({ name }) => name)));
    expect(taken).toEqual([["plain.dcm"], ["in.dcm"]]);
  });

  it("is shown without characters that deceive", () => {
    expect(splitPath("a\\b/../c\u202egnp.dcm")).toEqual({ folder: "a/b/..", name: "c\ufffdgnp.dcm" });
    expect(isLitter("x/Thumbs.db")).toBe(true);
    expect(isLitter("x/Thumbs.dbx")).toBe(false);
  });
});

describe("the list", () => {
  it("draws only the rows in view", () => {
    const at = tops(Array.from({ length: 5_000 }, (_, i) => (i % 3 ? 46 : 84)));
    const { first, last } = rowsInView(at, at[2_500] as number, 300);
    expect(first).toBe(2_496);
    expect(last - first).toBeLessThan(20);
    expect(rowsInView(tops([]), 0, 300)).toEqual({ first: 0, last: 0 });
    expect(rowsInView(tops([46]), 0, 300)).toEqual({ first: 0, last: 1 });
    expect(rowsInView(at, 1e9, 300).last).toBe(5_000);
  });

  it("is saved as a table that no spreadsheet takes for formulas", () => {
    const item = { id: 1, name: '=cmd|"x", y.dcm', folder: "", bytes: 1, status: "received", share: 1, arrival: null, study: "s", reason: null, error: null, skipped: false } as const;
    const text = listCsv([item], { columns: ["File", "Outcome", "Reason", "Study"], outcome: () => "Taken in", reason: () => "", study: () => "s" });
    expect(text).toBe('\ufeffFile,Outcome,Reason,Study\r\n"\'=cmd|""x"", y.dcm",Taken in,,s\r\n');
  });
});

