/** Which page lies where. Needs nothing but addresses: the first lines that run choose by it what to load. */

import type { ComponentType } from "react";

import type { Query } from "../api/address";
import { evaluationPath, figurePath, filterOf, FIRST_FIGURES } from "../api/evaluationAddresses";

type Params = Readonly<Record<string, string | undefined>>;

export interface PageRoute {
  /** As the router writes it, below "/": `:name` is a part that varies, `?` one that may be missing. */
  path: string;
  /** Each page is a chunk of its own, loaded when somebody goes there. */
  load: () => Promise<{ Component: ComponentType }>;
  /** What one comes for, asked for while the application itself is on its way. */
  asks?: (params: Params, search: URLSearchParams) => readonly (readonly [path: string, query?: Query])[];
}

/** In the shell, with its navigation. */
export const SHELL_PAGES: readonly PageRoute[] = [
  { path: "", load: () => import("../pages/home/HomePage") },
  { path: "work", load: () => import("../pages/worklist/WorkPage") },
  { path: "agreement", load: () => import("../pages/agreement/AgreementPage") },
  { path: "studies", load: () => import("../pages/studies/StudiesPage") },
  { path: "studies/:id/:tab?", load: () => import("../pages/study/StudyPage") },
  { path: "intake", load: () => import("../pages/intake/IntakePage") },
  { path: "blocked", load: () => import("../pages/blocked/BlockedListPage") },
  { path: "consensus", load: () => import("../pages/consensus/ConsensusPage") },
  { path: "readers", load: () => import("../pages/readers/ReadersPage") },
  { path: "rereads", load: () => import("../pages/rereads/RereadsPage") },
  { path: "runs", load: () => import("../pages/runs/RunsPage") },
  { path: "runs/compare", load: () => import("../pages/runs/CompareRunsPage") },
  { path: "runs/:id", load: () => import("../pages/runs/RunPage") },
  { path: "models", load: () => import("../pages/models/ModelsPage") },
  { path: "models/:id", load: () => import("../pages/models/ModelPage") },
  { path: "snapshots", load: () => import("../pages/snapshots/SnapshotsPage") },
  { path: "snapshots/:id", load: () => import("../pages/snapshots/SnapshotPage") },
  { path: "evaluate", load: () => import("../pages/evaluate/EvaluatePage") },
  {
    path: "evaluate/:id",
    load: () => import("../pages/evaluate/EvaluationPage"),
    asks: ({ id = "" }, search) => [
      [evaluationPath(id)],
      ...FIRST_FIGURES.map((name) => [figurePath(id, name), filterOf(search)] as const),
    ],
  },
  { path: "manual", load: () => import("../pages/manual/ManualPage") },
  { path: "guides/:guide?", load: () => import("../pages/manual/GuidesPage") },
  { path: "evaluate/:id/cases/:row", load: () => import("../pages/evaluate/CasePage") },
  { path: "settings/people", load: () => import("../pages/settings/PeoplePage") },
  { path: "settings/protocol", load: () => import("../pages/settings/ProtocolPage") },
  { path: "settings/history", load: () => import("../pages/settings/SiteHistoryPage") },
  { path: "settings/references", load: () => import("../pages/settings/ReferencesPage") },
  { path: "settings/openings", load: () => import("../pages/settings/OpeningsPage") },
  { path: "settings/cohorts", load: () => import("../pages/settings/CohortsPage") },
];

/** The full-screen rooms (label, review, redact, read), without the shell's navigation. */
export const ROOMS: readonly PageRoute[] = [
  { path: "label/:boxSet", load: () => import("../pages/label/LabelPage") },
  { path: "review/:boxSet", load: () => import("../pages/review/ReviewPage") },
  { path: "blocked/:id", load: () => import("../pages/blocked/RedactPage") },
  { path: "read/:token", load: () => import("../pages/read/ReadPage") },
];

/** The one page that is there for everybody. */
export const SIGN_IN: PageRoute = { path: "sign-in", load: () => import("../pages/sign-in/SignInPage") };

const ALL = [...SHELL_PAGES, ...ROOMS, SIGN_IN];

/** The page at an address, before there is a router to ask; null where none lies. Of two the one named first. */
export function pageAt(pathname: string): { page: PageRoute; params: Params } | null {
  for (const page of ALL) {
    const found = patternOf(page.path).exec(pathname);
    if (found) return { page, params: found.groups ?? {} };
  }
  return null;
}

function patternOf(path: string): RegExp {
  const parts = path.split("/").map((part) => {
    const [, name, optional] = /^:(\w+)(\?)?$/.exec(part) ?? [];
    return name ? (optional ? `(?:/(?<${name}>[^/]+))?` : `/(?<${name}>[^/]+)`) : part && `/${part}`;
  });
  return new RegExp(`^${parts.join("")}/?$`);
}
