import { useEffect, useRef, useState } from "react";

import type { FilmLook } from "../core/filmStore";
import { createRenderer, type FilmPixels, type FilmRenderer } from "./renderer";

interface Props {
  readonly pixels: FilmPixels;
  readonly look: FilmLook;
}

/** The grey values, drawn at the resolution of the screen. */
export function FilmLayer({ pixels, look }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const renderer = useRef<FilmRenderer | null>(null);
  const [epoch, setEpoch] = useState(0);

  useEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    const made = createRenderer(element, pixels);
    renderer.current = made;
    element.dataset["renderer"] = made.kind;
    setEpoch((before) => before + 1);
    const lost = (event: Event) => event.preventDefault();
    const restored = () => setEpoch((before) => before + 1);
    element.addEventListener("webglcontextlost", lost);
    element.addEventListener("webglcontextrestored", restored);
    return () => {
      element.removeEventListener("webglcontextlost", lost);
      element.removeEventListener("webglcontextrestored", restored);
      made.dispose();
      renderer.current = null;
    };
  }, [pixels]);

  useEffect(() => {
    const element = canvas.current;
    if (!element || !renderer.current) return;
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(look.view.width * ratio), Math.round(look.view.height * ratio)];
    if (element.width !== width) element.width = width;
    if (element.height !== height) element.height = height;
    renderer.current.draw(look, ratio);
  }, [look, epoch]);

  return <canvas ref={canvas} className="film-pixels" data-testid="film-pixels" aria-hidden="true" />;
}
