import { createBrowserRouter } from "react-router";

import { Shell } from "./Shell";
import { workbenchRoutes } from "./workbenchRoutes";

export const router = createBrowserRouter([{ path: "/", element: <Shell /> }, ...workbenchRoutes]);
