import {
  IconActivity,
  IconBook2,
  IconChartHistogram,
  IconChecklist,
  IconDatabase,
  IconDoorEnter,
  IconHistory,
  IconHome,
  IconLifebuoy,
  IconEye,
  IconEyeCheck,
  IconListDetails,
  IconRepeat,
  IconRuler2,
  IconScale,
  IconSettings,
  IconTextScan2,
  IconUsers,
  IconUsersGroup,
  IconVectorTriangle,
  IconBrain,
  type TablerIcon,
} from "@tabler/icons-react";

import type { Role } from "../api/types";
import type { Texts } from "../i18n";

export interface Place {
  key: keyof Texts["common"]["nav"];
  path: string;
  icon: TablerIcon;
  section: "work" | "machine" | "settings";
  /** Who finds it in the navigation; everybody where null. The server decides about rights. */
  roles: readonly Role[] | null;
}

export const PLACES: readonly Place[] = [
  { key: "home", path: "/", icon: IconHome, section: "work", roles: null },
  {
    key: "work",
    path: "/work",
    icon: IconChecklist,
    section: "work",
    roles: ["labeller", "reader", "adjudicator", "reviewer"],
  },
  { key: "studies", path: "/studies", icon: IconListDetails, section: "work", roles: null },
  {
    key: "intake",
    path: "/intake",
    icon: IconDoorEnter,
    section: "work",
    roles: ["labeller", "reviewer", "researcher", "administrator"],
  },
  { key: "blocked", path: "/blocked", icon: IconTextScan2, section: "work", roles: ["reviewer", "administrator"] },
  { key: "consensus", path: "/consensus", icon: IconScale, section: "work", roles: ["adjudicator", "reviewer"] },
  { key: "manual", path: "/manual", icon: IconBook2, section: "work", roles: ["labeller", "reviewer"] },
  {
    key: "readers",
    path: "/readers",
    icon: IconEyeCheck,
    section: "work",
    roles: ["reviewer", "researcher", "administrator"],
  },
  { key: "rereads", path: "/rereads", icon: IconRepeat, section: "work", roles: ["reviewer", "researcher"] },
  {
    key: "agreement",
    path: "/agreement",
    icon: IconVectorTriangle,
    section: "work",
    roles: ["reviewer", "researcher", "administrator"],
  },
  { key: "guides", path: "/guides", icon: IconLifebuoy, section: "work", roles: null },
  {
    key: "snapshots",
    path: "/snapshots",
    icon: IconDatabase,
    section: "machine",
    roles: ["researcher", "administrator"],
  },
  {
    key: "runs",
    path: "/runs",
    icon: IconActivity,
    section: "machine",
    roles: ["researcher", "administrator"],
  },
  {
    key: "models",
    path: "/models",
    icon: IconBrain,
    section: "machine",
    roles: ["researcher", "administrator", "reviewer"],
  },
  {
    key: "evaluate",
    path: "/evaluate",
    icon: IconChartHistogram,
    section: "machine",
    roles: ["researcher", "administrator", "reviewer"],
  },
  { key: "cohorts", path: "/settings/cohorts", icon: IconUsersGroup, section: "settings", roles: ["researcher", "administrator"] },
  { key: "people", path: "/settings/people", icon: IconUsers, section: "settings", roles: ["administrator"] },
  {
    key: "protocol",
    path: "/settings/protocol",
    icon: IconSettings,
    section: "settings",
    roles: ["reviewer", "researcher", "administrator"],
  },
  { key: "references", path: "/settings/references", icon: IconRuler2, section: "settings", roles: ["reviewer", "researcher", "administrator"] },
  { key: "openings", path: "/settings/openings", icon: IconEye, section: "settings", roles: ["administrator"] },
  { key: "siteHistory", path: "/settings/history", icon: IconHistory, section: "settings", roles: ["administrator"] },
];

export function placesFor(roles: readonly Role[]): readonly Place[] {
  return PLACES.filter((place) => place.roles === null || place.roles.some((role) => roles.includes(role)));
}
