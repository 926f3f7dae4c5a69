import { defineConfig } from "vitest/config"

export default defineConfig({
  ssr: { resolve: { conditions: ["@customer-service/source"] } },
  test: {
    name: "adapters-postgres",
    include: ["test/**/*.test.ts"],
    globalSetup: ["@customer-service/test-servers/global-setup", "./test/support/migratedTemplate.ts"],
    testTimeout: 20_000
  }
})
