/**
 * Markdown of `docs/` as a page of the application, made into HTML when the front end is built: the browser gets no
 * renderer, and what the documentation says and what the application shows cannot differ.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { Marked } from "marked";
import type { Plugin } from "vite";

const ANCHOR = /<a id="([a-z0-9-]+)"><\/a>/;
/** The only HTML that the pages may hold: anchors, and keys that the key map fills in. */
const ALLOWED = /^(<a id="[a-z0-9-]+">|<\/a>|<kbd data-key="\w+">|<\/kbd>)$/;

interface Section {
  id: string;
  depth: number;
  title: string;
}

export function markdownPages(): Plugin {
  return {
    name: "markdown-pages",
    enforce: "pre",
    load(id) {
      if (!id.endsWith(".md")) return null;
      this.addWatchFile(id);
      return pageModule(id);
    },
  };
}

function pageModule(path: string): string {
  const images: string[] = [];
  const sections: Section[] = [];
  let title = "";
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }) {
        const inner = this.parser.parseInline(tokens);
        const id = ANCHOR.exec(inner)?.[1];
        const shown = inner.replace(ANCHOR, "");
        const words = shown.replaceAll(/<[^>]+>/g, "");
        if (depth === 1) {
          title = words;
          return "";
        }
        if (!id) throw new Error(`${path}: the heading "${words}" needs an anchor: <a id="name"></a>`);
        sections.push({ id, depth, title: words });
        return `<h${depth} id="${id}" tabindex="-1">${shown}</h${depth}>\n`;
      },
      image({ href, text }) {
        const { width, height } = sizeOfWebp(join(dirname(path), href));
        images.push(href);
        return `<img src="{{image ${images.length - 1}}}" alt="${text}" width="${width}" height="${height}" loading="lazy" decoding="async">`;
      },
      html({ text }) {
        if (!ALLOWED.test(text.trim())) throw new Error(`${path}: this HTML is not allowed: ${text}`);
        return text;
      },
    },
  });
  const html = marked.parse(readFileSync(path, "utf8"), { async: false });
  return [
    ...images.map((href, i) => `import image${i} from ${JSON.stringify(`./${href}`)};`),
    `const images = [${images.map((_, i) => `image${i}`).join(", ")}];`,
    `export default {`,
    `  title: ${JSON.stringify(title)},`,
    `  sections: ${JSON.stringify(sections)},`,
    `  html: ${JSON.stringify(html)}.replaceAll(/{{image (\\d+)}}/g, (_, i) => images[i]),`,
    `};`,
  ].join("\n");
}

/** Pixels of a WebP file with metadata (its first chunk is VP8X), so that pages keep their place while images load. */
function sizeOfWebp(path: string): { width: number; height: number } {
  const bytes = readFileSync(path);
  if (bytes.toString("latin1", 8, 16) !== "WEBPVP8X") throw new Error(`${path} is no WebP file with metadata`);
  return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
}
