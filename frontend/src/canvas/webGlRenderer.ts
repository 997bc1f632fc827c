import type { FilmLook } from "../core/filmStore";
import { imageToScreenMatrix, inverse } from "../core/viewport";
import { greyCurve } from "../core/window";
import { ROOM, type FilmPixels, type FilmRenderer } from "./renderer";
import { FRAGMENT_SHADER, VERTEX_SHADER } from "./shader";

/** A renderer with the film as one 16-bit texture, or null where the browser cannot. */
export function createWebGlRenderer(canvas: HTMLCanvasElement, pixels: FilmPixels): FilmRenderer | null {
  if (!canUseWebGl(pixels)) return null;
  const gl = canvas.getContext("webgl2", { alpha: false, antialias: false, depth: false, preserveDrawingBuffer: true });
  const program = gl ? linked(gl) : null;
  if (!gl || !program) return null;
  const texture = uploaded(gl, pixels);
  const at = (name: string) => gl.getUniformLocation(program, name);
  const places = {
    filmSize: at("filmSize"),
    viewHeight: at("viewHeight"),
    toImage: at("toImage"),
    middle: at("middle"),
    span: at("span"),
    sigmoid: at("sigmoid"),
    inverted: at("inverted"),
    sharp: at("sharp"),
    room: at("room"),
  };
  return {
    kind: "webgl2",
    draw(look: FilmLook, pixelRatio: number) {
      const m = inverse(imageToScreenMatrix(look.image, look.orientation, look.viewport));
      const r = 1 / pixelRatio;
      const curve = greyCurve(look.window);
      gl.viewport(0, 0, canvas.width, canvas.height);
      gl.useProgram(program);
      gl.bindTexture(gl.TEXTURE_2D, texture);
      gl.uniform2f(places.filmSize, pixels.columns, pixels.rows);
      gl.uniform1f(places.viewHeight, canvas.height);
      gl.uniformMatrix3fv(places.toImage, false, [m.a * r, m.b * r, 0, m.c * r, m.d * r, 0, m.e, m.f, 1]);
      gl.uniform1f(places.middle, curve.middle);
      gl.uniform1f(places.span, curve.span);
      gl.uniform1i(places.sigmoid, curve.sigmoid ? 1 : 0);
      gl.uniform1f(places.inverted, look.inverted ? 1 : 0);
      gl.uniform1i(places.sharp, look.sharp ? 1 : 0);
      gl.uniform3f(places.room, ROOM[0] / 255, ROOM[1] / 255, ROOM[2] / 255);
      gl.drawArrays(gl.TRIANGLES, 0, 3);
    },
    dispose() {
      gl.deleteTexture(texture);
      gl.deleteProgram(program);
    },
  };
}

let largestTexture: number | null = null;

/** Asked once, on a canvas of its own: 0 where there is no WebGL2. */
function canUseWebGl({ rows, columns }: FilmPixels): boolean {
  if (largestTexture === null) {
    const gl = document.createElement("canvas").getContext("webgl2");
    largestTexture = gl && linked(gl) ? (gl.getParameter(gl.MAX_TEXTURE_SIZE) as number) : 0;
    gl?.getExtension("WEBGL_lose_context")?.loseContext();
  }
  return Math.max(rows, columns) <= largestTexture;
}

function uploaded(gl: WebGL2RenderingContext, { values, rows, columns }: FilmPixels): WebGLTexture | null {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 2);
  for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, name, gl.NEAREST);
  for (const name of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, name, gl.CLAMP_TO_EDGE);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.R16UI, columns, rows, 0, gl.RED_INTEGER, gl.UNSIGNED_SHORT, values);
  return texture;
}

function linked(gl: WebGL2RenderingContext): WebGLProgram | null {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX_SHADER],
    [gl.FRAGMENT_SHADER, FRAGMENT_SHADER],
  ] as const) {
    const shader = gl.createShader(type);
    if (!shader) return null;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  return gl.getProgramParameter(program, gl.LINK_STATUS) ? program : null;
}
