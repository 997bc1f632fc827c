import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "@mantine/spotlight/styles.css";
import "./app/app.css";

import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router";

import { makeQueryClient } from "./api/queryClient";
import { sessionQuery } from "./api/session";
import { makeRouter } from "./app/router";
import { cssVariables, theme } from "./app/theme";
import { startI18n } from "./i18n";

const colorSchemeManager = localStorageColorSchemeManager({ key: "boneage-color-scheme" });

async function start(root: HTMLElement): Promise<void> {
  const client = makeQueryClient();
  void client.prefetchQuery(sessionQuery);
  const router = makeRouter(client);
  await startI18n();
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto" colorSchemeManager={colorSchemeManager}>
        <Notifications position="bottom-right" />
        <QueryClientProvider client={client}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}

const root = document.getElementById("root");
if (root) void start(root);
