import { defineConfig } from "vitest/config"

export default defineConfig({
  ssr: { resolve: { conditions: ["@customer-service/source"] } },
  // The core keeps no state in its modules, so that files can share a worker; loading effect for each takes longest.
  // Laws are tried on thousands of cases, also on a machine that others load.
  test: { name: "core", include: ["test/**/*.test.ts"], isolate: false, testTimeout: 60_000 }
})
