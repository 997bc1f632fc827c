import type { QueryClient } from "@tanstack/react-query";
import { createBrowserRouter, type RouteObject } from "react-router";

import { askForEvaluation } from "../api/evaluations";
import { filterOf } from "../pages/evaluate/caseFilter";

import { Guard } from "./Guard";
import { LostPage, PageFailed } from "./RouteProblems";
import { Shell } from "./Shell";
import { workbenchRoutes } from "./workbenchRoutes";

/** Each page is a chunk of its own, loaded when somebody goes there. */
const pages = (client: QueryClient): RouteObject[] => [
  { index: true, lazy: () => import("../pages/home/HomePage") },
  { path: "work", lazy: () => import("../pages/worklist/WorkPage") },
  { path: "agreement", lazy: () => import("../pages/agreement/AgreementPage") },
  { path: "studies", lazy: () => import("../pages/studies/StudiesPage") },
  { path: "studies/:id/:tab?", lazy: () => import("../pages/study/StudyPage") },
  { path: "intake", lazy: () => import("../pages/intake/IntakePage") },
  { path: "blocked", lazy: () => import("../pages/blocked/BlockedListPage") },
  { path: "consensus", lazy: () => import("../pages/consensus/ConsensusPage") },
  { path: "readers", lazy: () => import("../pages/readers/ReadersPage") },
  { path: "rereads", lazy: () => import("../pages/rereads/RereadsPage") },
  { path: "runs", lazy: () => import("../pages/runs/RunsPage") },
  { path: "runs/compare", lazy: () => import("../pages/runs/CompareRunsPage") },
  { path: "runs/:id", lazy: () => import("../pages/runs/RunPage") },
  { path: "models", lazy: () => import("../pages/models/ModelsPage") },
  { path: "models/:id", lazy: () => import("../pages/models/ModelPage") },
  { path: "snapshots", lazy: () => import("../pages/snapshots/SnapshotsPage") },
  { path: "snapshots/:id", lazy: () => import("../pages/snapshots/SnapshotPage") },
  { path: "evaluate", lazy: () => import("../pages/evaluate/EvaluatePage") },
  {
    path: "evaluate/:id",
    lazy: () => import("../pages/evaluate/EvaluationPage"),
    loader: ({ params, request }) => {
      askForEvaluation(client, params["id"] ?? "", filterOf(new URL(request.url).searchParams));
      return null;
    },
  },
  { path: "manual", lazy: () => import("../pages/manual/ManualPage") },
  { path: "guides/:guide?", lazy: () => import("../pages/manual/GuidesPage") },
  { path: "evaluate/:id/cases/:row", lazy: () => import("../pages/evaluate/CasePage") },
  { path: "settings/people", lazy: () => import("../pages/settings/PeoplePage") },
  { path: "settings/protocol", lazy: () => import("../pages/settings/ProtocolPage") },
  { path: "settings/history", lazy: () => import("../pages/settings/SiteHistoryPage") },
  { path: "settings/references", lazy: () => import("../pages/settings/ReferencesPage") },
  { path: "settings/openings", lazy: () => import("../pages/settings/OpeningsPage") },
  { path: "settings/cohorts", lazy: () => import("../pages/settings/CohortsPage") },
  { path: "*", element: <LostPage /> },
];

/** While the first page's chunk is on its way: a moment, and nothing that could jump. */
const Nothing = () => null;

export const makeRouter = (client: QueryClient) =>
  createBrowserRouter([
    { path: "/sign-in", lazy: () => import("../pages/sign-in/SignInPage"), errorElement: <PageFailed />, HydrateFallback: Nothing },
    {
      path: "/",
      element: <Guard />,
      HydrateFallback: Nothing,
      errorElement: <PageFailed />,
      children: [
        ...workbenchRoutes,
        { element: <Shell />, children: [{ errorElement: <PageFailed />, children: pages(client) }] },
      ],
    },
  ]);
