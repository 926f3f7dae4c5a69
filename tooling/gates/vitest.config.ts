import { defineConfig } from "vitest/config"

export default defineConfig({
  ssr: { resolve: { conditions: ["@customer-service/source"] } },
  test: { name: "gates", include: ["test/**/*.test.ts"], testTimeout: 30_000 }
})
