import { LARGEST_EXPONENT } from "../core/window";

/** Window, level and inversion of a 16-bit film on the graphics card. */
export const VERTEX_SHADER = `#version 300 es
void main() {
  vec2 corner = vec2(float((gl_VertexID << 1) & 2), float(gl_VertexID & 2));
  gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
}`;

/**
 * toImage maps device pixels (y down) to image pixels. Enlarged, neighbouring grey values are blended, or each stands as
 * a square (sharp); reduced, up to 6 x 6 of them are averaged, so that fine trabeculae do not flicker.
 */
export const FRAGMENT_SHADER = `#version 300 es
precision highp float;
precision highp int;
precision highp usampler2D;
uniform usampler2D film;
uniform vec2 filmSize;
uniform float viewHeight;
uniform mat3 toImage;
uniform float middle;
uniform float span;
uniform bool sigmoid;
uniform float inverted;
uniform bool sharp;
uniform vec3 room;
out vec4 colour;

float grey(ivec2 at) {
  return float(texelFetch(film, clamp(at, ivec2(0), ivec2(filmSize) - 1), 0).r);
}

float blended(vec2 at) {
  vec2 p = at - 0.5;
  ivec2 i = ivec2(floor(p));
  vec2 f = fract(p);
  return mix(
    mix(grey(i), grey(i + ivec2(1, 0)), f.x),
    mix(grey(i + ivec2(0, 1)), grey(i + ivec2(1, 1)), f.x),
    f.y);
}

float averaged(vec2 at, float footprint) {
  int taps = int(clamp(ceil(footprint) + 1.0, 2.0, 6.0));
  float sum = 0.0;
  for (int y = 0; y < taps; y++) {
    for (int x = 0; x < taps; x++) {
      vec2 inside = (vec2(float(x), float(y)) + 0.5) / float(taps) - 0.5;
      sum += grey(ivec2(floor(at + inside * footprint)));
    }
  }
  return sum / float(taps * taps);
}

float shadeOf(float value) {
  if (span == 0.0) return value > middle ? 1.0 : 0.0;
  if (sigmoid) return 1.0 / (1.0 + exp(clamp(-4.0 * (value - middle) / span, -${LARGEST_EXPONENT}.0, ${LARGEST_EXPONENT}.0)));
  return clamp((value - middle) / span + 0.5, 0.0, 1.0);
}

void main() {
  vec2 device = vec2(gl_FragCoord.x, viewHeight - gl_FragCoord.y);
  vec2 at = (toImage * vec3(device, 1.0)).xy;
  if (at.x < 0.0 || at.y < 0.0 || at.x >= filmSize.x || at.y >= filmSize.y) {
    colour = vec4(room, 1.0);
    return;
  }
  float footprint = length(toImage[0].xy);
  float value = footprint > 1.0 ? averaged(at, footprint) : sharp ? grey(ivec2(floor(at))) : blended(at);
  float shade = shadeOf(value);
  shade = mix(shade, 1.0 - shade, inverted);
  colour = vec4(vec3(shade), 1.0);
}`;
