import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import { createMemoryRouter, RouterProvider, type RouteObject } from "react-router";

import { makeQueryClient } from "../src/api/queryClient";

/** Pages with what the application has round them; the router says afterwards where one stands. */
export function showRoutes(routes: RouteObject[], address = "/", client = makeQueryClient()) {
  const router = createMemoryRouter(routes, { initialEntries: [address] });
  const shown = render(
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { router, ...shown };
}
