import { defineConfig } from "tsup"

// One file with everything in it starts in a fraction of the time that hundreds of modules take to load. What
// brings a binary of its own along stays outside.
export default defineConfig({
  entry: ["src/main.ts", "src/index.ts"],
  format: "esm",
  target: "node24",
  platform: "node",
  dts: false,
  clean: true,
  sourcemap: true,
  splitting: true,
  removeNodeProtocol: false,
  noExternal: [/^(?!@electric-sql\/pglite|@node-rs\/(argon2|bcrypt)|node:)/],
  esbuildOptions: (options) => {
    options.conditions = ["@customer-service/source"]
  },
  banner: {
    js: `import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);`
  }
})
