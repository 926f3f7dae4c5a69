import { defineConfig } from "vitest/config"

const resolve = { conditions: ["@customer-service/source"] }

export default defineConfig({
  ssr: { resolve },
  // What loads the global set-up.
  environments: { __vitest__: { resolve } },
  test: {
    name: "http",
    include: ["test/**/*.test.ts"],
    globalSetup: [
      "@customer-service/test-servers/global-setup",
      "@customer-service/test-servers/daprd-setup",
      "./test/support/migratedTemplate.ts"
    ],
    // Files keep to databases of their own; loading the service anew for each would take longer than the tests.
    isolate: false,
    // Each file runs a service, and some of them processes and servers of their own.
    testTimeout: 30_000,
    hookTimeout: 60_000
  }
})
