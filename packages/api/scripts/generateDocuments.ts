/**
 * Writes openapi.json and docs/events; run with `--check` it writes nothing, names each file that holds something else,
 * and fails.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { openApiDocument } from "../src/openApi.ts"
import { eventFiles } from "./events/eventFiles.ts"

const root = new URL("../../../", import.meta.url)

const documents: Readonly<Record<string, unknown>> = {
  "packages/api/openapi.json": openApiDocument(),
  ...Object.fromEntries(Object.entries(eventFiles()).map(([name, document]) => [`docs/events/${name}`, document]))
}

const present = (file: URL): string | undefined => {
  try {
    return readFileSync(file, "utf8")
  } catch {
    return undefined
  }
}

for (const [path, document] of Object.entries(documents)) {
  const file = new URL(path, root)
  const text = `${JSON.stringify(document, null, 2)}\n`
  if (!process.argv.includes("--check")) {
    writeFileSync(file, text)
  } else if (present(file) !== text) {
    process.stderr.write(`${path} is out of date: run \`pnpm --filter @customer-service/api generate\`\n`)
    process.exitCode = 1
  }
}
