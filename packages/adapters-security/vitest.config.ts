import { defineConfig } from "vitest/config"

export default defineConfig({
  ssr: { resolve: { conditions: ["@customer-service/source"] } },
  test: {
    name: "adapters-security",
    include: ["test/**/*.test.ts"],
    // No test changes what another imports, and most of the time would go into importing.
    isolate: false,
    // On a busy machine dozens of hashes take their time.
    testTimeout: 60_000
  }
})
