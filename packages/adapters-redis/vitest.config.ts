import { defineConfig } from "vitest/config"

export default defineConfig({
  ssr: { resolve: { conditions: ["@customer-service/source"] } },
  test: {
    name: "adapters-redis",
    include: ["test/**/*.test.ts"],
    globalSetup: ["@customer-service/test-servers/global-setup"],
    testTimeout: 20_000
  }
})
