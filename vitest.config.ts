import { defineConfig } from "vitest/config"

// The servers under test do much of the work elsewhere: two workers keep two cores busy, more would only wait.
export default defineConfig({
  test: { projects: ["packages/*", "apps/*", "tooling/*", "bench"], maxWorkers: 2 }
})
