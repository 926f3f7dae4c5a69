import { defineConfig } from "vitest/config"

export default defineConfig({
  ssr: { resolve: { conditions: ["@customer-service/source"] } },
  test: {
    name: "adapters-upstream",
    include: ["test/**/*.test.ts"],
    // No test changes what another imports, and most of the time would go into importing.
    isolate: false
  }
})
