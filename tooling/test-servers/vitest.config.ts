import { defineConfig } from "vitest/config"

export default defineConfig({
  ssr: { resolve: { conditions: ["@customer-service/source"] } },
  test: {
    name: "test-servers",
    include: ["test/**/*.test.ts"],
    globalSetup: ["./src/daprdSetup.ts"],
    testTimeout: 30_000,
    // On a busy machine what is waited for takes its time to come.
    expect: { poll: { timeout: 20_000 } }
  }
})
