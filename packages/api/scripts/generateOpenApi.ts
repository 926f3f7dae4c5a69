import { readFileSync, writeFileSync } from "node:fs"
import { openApiDocument } from "../src/openApi.ts"

const file = new URL("../openapi.json", import.meta.url)
const text = `${JSON.stringify(openApiDocument(), null, 2)}\n`

const present = (): string | undefined => {
  try {
    return readFileSync(file, "utf8")
  } catch {
    return undefined
  }
}

if (!process.argv.includes("--check")) {
  writeFileSync(file, text)
} else if (present() !== text) {
  process.stderr.write(
    "packages/api/openapi.json does not show the API as it is: run `pnpm --filter @customer-service/api generate`\n"
  )
  process.exitCode = 1
}
