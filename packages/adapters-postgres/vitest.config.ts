import { defineConfig } from "vitest/config"

export default defineConfig({
  ssr: { resolve: { conditions: ["@customer-service/source"] } },
  test: {
    name: "adapters-postgres",
    include: ["test/**/*.test.ts"],
    globalSetup: ["@customer-service/test-servers/global-setup", "./test/support/migratedTemplate.ts"],
    // No test changes what another imports, and most of the time would go into importing.
    isolate: false,
    // On a busy machine a server, or the WebAssembly of PGlite, takes its time to start.
    testTimeout: 60_000,
    hookTimeout: 60_000
  }
})
