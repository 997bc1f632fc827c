import type { QueryClient } from "@tanstack/react-query";
import { createBrowserRouter, type RouteObject } from "react-router";

import { filterOf } from "../api/evaluationAddresses";
import { askForEvaluation } from "../api/evaluations";

import { Guard } from "./Guard";
import { ROOMS, SHELL_PAGES, SIGN_IN, type PageRoute } from "./pages";
import { LostPage, PageFailed } from "./RouteProblems";
import { Shell } from "./Shell";

const routeOf = ({ path, load }: PageRoute): RouteObject => (path ? { path, lazy: load } : { index: true, lazy: load });

/** The pages in the shell. One asks for its data while its code is on the way. */
const shellRoutes = (client: QueryClient): RouteObject[] => [
  ...SHELL_PAGES.map((page) =>
    page.path === "evaluate/:id"
      ? {
          ...routeOf(page),
          loader: ({ params, request }: { params: Record<string, string | undefined>; request: Request }) => {
            askForEvaluation(client, params["id"] ?? "", filterOf(new URL(request.url).searchParams));
            return null;
          },
        }
      : routeOf(page),
  ),
  { path: "*", element: <LostPage /> },
];

/** While the first page's chunk is on its way: a moment, and nothing that could jump. */
const Nothing = () => null;

export const routes = (client: QueryClient): RouteObject[] => [
  { ...routeOf(SIGN_IN), errorElement: <PageFailed />, HydrateFallback: Nothing },
  {
    path: "/",
    element: <Guard />,
    HydrateFallback: Nothing,
    errorElement: <PageFailed />,
    children: [
      ...ROOMS.map(routeOf),
      { element: <Shell />, children: [{ errorElement: <PageFailed />, children: shellRoutes(client) }] },
    ],
  },
];

export const makeRouter = (client: QueryClient) => createBrowserRouter(routes(client));
