import type { RouteObject } from "react-router";

/** The full-screen rooms (label, review, read), and consensus, which keeps the navigation beside it. */
export const workbenchRoutes: RouteObject[] = [
  { path: "label/:boxSet", lazy: () => import("../pages/label/LabelPage") },
];
