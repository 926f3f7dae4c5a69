import { defineConfig } from "vitest/config"

export default defineConfig({
  ssr: { resolve: { conditions: ["@customer-service/source"] } },
  test: {
    name: "cli",
    include: ["test/**/*.test.ts"],
    globalSetup: ["@customer-service/test-servers/global-setup"],
    testTimeout: 30_000,
    hookTimeout: 60_000
  }
})
