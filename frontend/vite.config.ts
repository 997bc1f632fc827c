import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

import { firstRequests, groups } from "./firstRequestsPlugin.ts";
import { markdownPages } from "./manualPlugin.ts";

const backend = `http://127.0.0.1:${process.env["BONEAGE_PORT"] ?? "8000"}`;

export default defineConfig({
  plugins: [react(), markdownPages(), firstRequests()],
  server: {
    host: "127.0.0.1",
    // The labelling manual lies in docs/.
    fs: { allow: [".."] },
    proxy: { "/api": { target: backend, changeOrigin: false } },
  },
  build: {
    target: "chrome109",
    // Images and fonts stay files: the content security policy allows no data: addresses for scripts or fonts.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1000,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups } } },
  },
  test: {
    environment: "jsdom",
    globals: false,
    include: ["src/**/*.test.{ts,tsx}", "tests/**/*.test.{ts,tsx}"],
    setupFiles: ["tests/setup.ts"],
    testTimeout: 60_000,
  },
});
