import { defineConfig } from "vitest/config"

export default defineConfig({
  ssr: { resolve: { conditions: ["@customer-service/source"] } },
  // The core keeps no state in its modules, so that files can share a worker; loading effect for each takes longest.
  test: { name: "core", include: ["test/**/*.test.ts"], isolate: false }
})
