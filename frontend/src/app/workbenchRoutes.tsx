import type { RouteObject } from "react-router";

/** The full-screen rooms (label, review, read, consensus): each a lazy route of its own. */
export const workbenchRoutes: RouteObject[] = [
  { path: "label/:boxSet", lazy: () => import("../pages/label/LabelPage") },
  { path: "review/:boxSet", lazy: () => import("../pages/review/ReviewPage") },
];
