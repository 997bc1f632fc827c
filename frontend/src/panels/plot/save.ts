/** A drawing of the page as a file of its own: styles written into it, and a line that says what it shows. */

const STYLES = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "opacity",
  "font-size", "font-weight", "font-family", "text-anchor", "dominant-baseline",
]; // prettier-ignore
const MARK_HEIGHT = 34;
const PNG_SCALE = 2;
const NAMESPACE = "http://www.w3.org/2000/svg";

/** The SVG as text; `marks` (title, model, population, synthetic, research use) stand below the drawing. */
export function svgText(drawing: SVGSVGElement, marks: readonly string[]): string {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const originals = [drawing, ...drawing.querySelectorAll<SVGElement>("*")];
  const copies = [copy, ...copy.querySelectorAll<SVGElement>("*")];
  originals.forEach((original, i) => {
    const style = getComputedStyle(original);
    for (const name of STYLES) copies[i]?.style.setProperty(name, style.getPropertyValue(name));
  });
  const { width, height } = drawing.viewBox.baseVal;
  const tall = height + MARK_HEIGHT;
  copy.setAttribute("xmlns", NAMESPACE);
  copy.setAttribute("viewBox", `0 0 ${width} ${tall}`);
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(tall));
  const back = document.createElementNS(NAMESPACE, "rect");
  back.setAttribute("width", String(width));
  back.setAttribute("height", String(tall));
  back.setAttribute("fill", getComputedStyle(document.body).backgroundColor);
  copy.prepend(back);
  marks.forEach((mark, line) => {
    const text = document.createElementNS(NAMESPACE, "text");
    text.textContent = mark;
    text.setAttribute("x", "6");
    text.setAttribute("y", String(height + 13 + line * 14));
    text.setAttribute("font-size", "10");
    text.setAttribute("font-family", "sans-serif");
    text.setAttribute("fill", getComputedStyle(document.body).color);
    copy.append(text);
  });
  return new XMLSerializer().serializeToString(copy);
}

export function saveSvg(drawing: SVGSVGElement, name: string, marks: readonly string[]): void {
  save(new Blob([svgText(drawing, marks)], { type: "image/svg+xml" }), `${name}.svg`);
}

export async function savePng(drawing: SVGSVGElement, name: string, marks: readonly string[]): Promise<void> {
  const { width, height } = drawing.viewBox.baseVal;
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgText(drawing, marks))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * PNG_SCALE;
  canvas.height = (height + MARK_HEIGHT) * PNG_SCALE;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (blob) save(blob, `${name}.png`);
}

function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
