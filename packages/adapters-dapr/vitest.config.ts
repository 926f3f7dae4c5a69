import { defineConfig } from "vitest/config"

export default defineConfig({
  ssr: { resolve: { conditions: ["@customer-service/source"] } },
  test: {
    name: "adapters-dapr",
    include: ["test/**/*.test.ts"],
    globalSetup: ["@customer-service/test-servers/global-setup", "@customer-service/test-servers/daprd-setup"],
    // No test changes what another imports, and most of the time would go into importing.
    isolate: false,
    // On a busy machine a server takes its time to start.
    testTimeout: 60_000,
    hookTimeout: 60_000
  }
})
