/**
 * How the application is cut into files, and what its HTML asks for at once.
 *
 * `src/begin.ts` is the entry: a few kilobytes that need nothing else, so that they run as soon as they are here. The
 * application itself comes in few files: one by one, dozens of small ones cost more than what they leave out.
 */
import { gzipSync } from "node:zlib";

import type { Plugin, Rolldown } from "vite";

/** What the first lines need; a file of the application among them would hold them up until all of it is here. */
const BEGIN = /\/src\/(begin|app\/pages|api\/(address|ahead|evaluationAddresses)|i18n\/languages)\.ts$|vite\/preload-helper/;
/** Drawn curves: on a few pages only, and a third of all code. */
const CHARTS = /\/node_modules\/(recharts|victory-vendor|d3-[a-z]+|internmap|@reduxjs|redux|redux-thunk|react-redux|reselect|immer|decimal\.js-light|es-toolkit|eventemitter3)\//;
const DRAWS_CHARTS = /\/src\/panels\/chartLook/;
/** What the rooms have in common in which films are looked at and worked on. */
const ROOM = /\/src\/(canvas|tools|core|panels\/room)\//;
/** What many pages are made of, with all that it needs. */
const PARTS = /\/node_modules\/(?!@zip\.js)|\/src\/(api|app|panels)\/|\/src\/i18n\/(index|format)/;

const LARGEST_BEGIN_BYTES = 12_000;
const SMALLEST_PACKED_BYTES = 1024;

export const groups: Rolldown.CodeSplittingGroup[] = [
  { name: "begin", test: BEGIN, priority: 40 },
  { name: "shared", test: isPart, priority: 30, minShareCount: 2 },
  { name: "charts", test: drawsCharts, priority: 20 },
  { name: "room", test: ROOM, priority: 10, minShareCount: 2 },
];

function drawsCharts(id: string): boolean {
  return CHARTS.test(id) || DRAWS_CHARTS.test(id);
}

function isPart(id: string): boolean {
  return PARTS.test(id) && !drawsCharts(id) && !ROOM.test(id);
}

/** The HTML asks for the application's own files beside the first lines; every text is packed for servers to send. */
export function firstRequests(): Plugin {
  return {
    name: "first-requests",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle = {} }) {
        const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
        const main = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith("/src/main.tsx"));
        const entry = chunks.find(({ isEntry }) => isEntry);
        if (!main || !entry) throw new Error("the application or its first lines are missing");
        const first = together(entry.fileName, bundle);
        const bytes = first.reduce((sum, { code }) => sum + code.length, 0);
        if (bytes > LARGEST_BEGIN_BYTES) {
          throw new Error(`the first lines need ${first.map(({ fileName }) => fileName).join(", ")}: ${bytes} bytes`);
        }
        const application = together(main.fileName, bundle).filter((chunk) => !first.includes(chunk));
        return [
          ...application.flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])]).map((file) => ({
            tag: "link", attrs: { rel: "stylesheet", crossorigin: true, href: `/${file}` }, injectTo: "head" as const,
          })),
          ...application.map(({ fileName }) => ({
            tag: "link", attrs: { rel: "modulepreload", crossorigin: true, href: `/${fileName}` }, injectTo: "head" as const,
          })),
        ];
      },
    },
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        for (const file of Object.values(bundle)) {
          const text = file.type === "chunk" ? file.code : /\.(css|svg)$/.test(file.fileName) ? file.source : "";
          if (text.length < SMALLEST_PACKED_BYTES) continue;
          this.emitFile({ type: "asset", fileName: `${file.fileName}.gz`, source: gzipSync(text, { level: 9 }) });
        }
      },
    },
  };
}

/** A chunk and all that has to be there before it runs. */
function together(fileName: string, bundle: Rolldown.OutputBundle, known: Rolldown.OutputChunk[] = []): Rolldown.OutputChunk[] {
  const chunk = bundle[fileName];
  if (chunk?.type !== "chunk" || known.includes(chunk)) return known;
  known.push(chunk);
  for (const needed of chunk.imports) together(needed, bundle, known);
  return known;
}
