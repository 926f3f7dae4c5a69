import { defineConfig } from "tsup"

export default defineConfig({
  entry: ["src/index.ts"],
  format: "esm",
  target: "node24",
  dts: false,
  clean: true,
  sourcemap: true
})
