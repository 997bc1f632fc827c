import type { RouteObject } from "react-router";

/** The full-screen rooms (label, review, redact, read): each a lazy route of its own, without the shell's navigation. */
export const workbenchRoutes: RouteObject[] = [
  { path: "label/:boxSet", lazy: () => import("../pages/label/LabelPage") },
  { path: "review/:boxSet", lazy: () => import("../pages/review/ReviewPage") },
  { path: "blocked/:id", lazy: () => import("../pages/blocked/RedactPage") },
  { path: "read/:token", lazy: () => import("../pages/read/ReadPage") },
];
