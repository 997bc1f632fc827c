import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

import ts from "typescript";
import { describe, expect, it } from "vitest";

import english from "../src/i18n/en";
import chinese from "../src/i18n/zh-Hans";

const SOURCE = join(__dirname, "..", "src");
const PLURAL = /_(zero|one|two|few|many|other)$/;
/** Attributes whose text people see or hear. */
const SPOKEN = new Set(["title", "label", "placeholder", "description", "alt", "aria-label", "aria-description", "nothingFoundMessage"]);
/** Written the same everywhere, on every keyboard and in every language. */
const NOT_WORDS = new Set(["Ctrl K"]);

type Tree = { [key: string]: string | Tree };

function leaves(tree: Tree, prefix = ""): string[] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const path = prefix ? `${prefix}.${key}` : key;
    return typeof value === "string" ? [path] : leaves(value, path);
  });
}

function keysOf(texts: Record<string, Tree>): Map<string, string> {
  const keys = new Map<string, string>();
  for (const [namespace, tree] of Object.entries(texts)) {
    for (const path of leaves(tree)) keys.set(`${namespace}:${path.replace(PLURAL, "")}`, path);
  }
  return keys;
}

function valueAt(texts: Record<string, Tree>, key: string): string[] {
  const [namespace = "", path = ""] = key.split(":");
  const all = leaves(texts[namespace] ?? {}).filter((leaf) => leaf.replace(PLURAL, "") === path);
  return all.map((leaf) => leaf.split(".").reduce<string | Tree>((node, part) => (node as Tree)[part] ?? "", texts[namespace] ?? {}) as string);
}

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name) && !path.includes("generated") ? [path] : [];
  });
}

const files = sources(SOURCE).map((path) => ({
  name: relative(SOURCE, path),
  tree: ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true, path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS),
}));

function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  node.forEachChild((child) => walk(child, visit));
}

/** Every string and every template of the sources: exact texts, and patterns where a part is put in. */
function mentioned(): { exact: Set<string>; patterns: RegExp[] } {
  const exact = new Set<string>();
  const patterns: RegExp[] = [];
  const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  for (const { tree } of files) {
    walk(tree, (node) => {
      if (ts.isStringLiteralLike(node)) exact.add(node.text);
      else if (ts.isTemplateExpression(node) && node.head.text + node.templateSpans.map((span) => span.literal.text).join("") !== "") {
        const parts = node.templateSpans.map((span) => `[^:]+${escape(span.literal.text)}`).join("");
        const pattern = escape(node.head.text) + parts;
        // A pattern that is only a hole would let every key pass.
        if (/[a-zA-Z]{2,}/.test(pattern.replaceAll("[^:]+", ""))) patterns.push(new RegExp(`^${pattern}$`));
      }
    });
  }
  return { exact, patterns };
}

const englishKeys = keysOf(english);
const chineseKeys = keysOf(chinese);

describe("texts", () => {
  it("exist in both languages", () => {
    expect([...englishKeys.keys()].filter((key) => !chineseKeys.has(key))).toEqual([]);
    expect([...chineseKeys.keys()].filter((key) => !englishKeys.has(key))).toEqual([]);
  });

  it("put the same values in, in both languages", () => {
    const holes = (texts: string[]) => [...new Set(texts.flatMap((text) => text.match(/{{\w+}}/g) ?? []))].sort();
    const different = [...englishKeys.keys()].filter((key) => {
      const one = holes(valueAt(english, key));
      const other = holes(valueAt(chinese, key));
      // A singular may leave its number out.
      return one.filter((hole) => hole !== "{{count}}").join() !== other.filter((hole) => hole !== "{{count}}").join();
    });
    expect(different).toEqual([]);
  });

  it("are translated: Chinese texts hold Chinese", () => {
    const same = [...englishKeys.keys()].filter((key) => {
      const words = valueAt(chinese, key).join("").replaceAll(/{{\w+}}/g, "");
      return /[a-zA-Z]{4,}/.test(words) && !/[\u4e00-\u9fff]/.test(words) && key !== "common:switch.language" && key !== "common:switch.otherLanguage";
    });
    expect(same).toEqual([]);
  });

  it("are all used", () => {
    const { exact, patterns } = mentioned();
    const unused = [...englishKeys.keys()].filter((key) => {
      const [namespace = "", path = ""] = key.split(":");
      // The codes of refusals come from the server; their use is one dynamic look-up.
      if (namespace === "errors") return false;
      if (exact.has(path) || exact.has(key)) return false;
      return !patterns.some((pattern) => pattern.test(path) || pattern.test(key));
    });
    expect(unused).toEqual([]);
  });
});

describe("components", () => {
  it("hold no literal text", () => {
    const found: string[] = [];
    for (const { name, tree } of files) {
      walk(tree, (node) => {
        if (ts.isJsxText(node) && /[a-zA-Z\u4e00-\u9fff]{2,}/.test(node.text) && !NOT_WORDS.has(node.text.trim())) {
          found.push(`${name}: ${node.text.trim()}`);
        }
        if (ts.isJsxAttribute(node) && node.initializer && ts.isStringLiteral(node.initializer)) {
          const attribute = node.name.getText(tree);
          if (SPOKEN.has(attribute) && /[a-zA-Z\u4e00-\u9fff]{2,}/.test(node.initializer.text)) {
            found.push(`${name}: ${attribute}="${node.initializer.text}"`);
          }
        }
      });
    }
    expect(found).toEqual([]);
  });
});
