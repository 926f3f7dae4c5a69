import { defineConfig } from "tsup"

export default defineConfig({
  entry: { bare: "peers/bare/main.ts" },
  format: "esm",
  target: "node24",
  dts: false,
  clean: true
})
