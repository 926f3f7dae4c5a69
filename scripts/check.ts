/**
 * Runs every `check:…` script of package.json, however many of them fail, and shows what the failed ones said.
 * `--results <file>` also writes how many passed and failed, as JSON.
 */
import { execFile } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { parseArgs } from "node:util"

interface Outcome {
  readonly check: string
  readonly passed: boolean
  readonly output: string
  readonly seconds: number
}

const run = (check: string): Promise<Outcome> =>
  new Promise((resolve) => {
    const started = performance.now()
    execFile("pnpm", ["run", "--silent", check], { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const seconds = (performance.now() - started) / 1000
      resolve({ check, passed: error === null, output: `${stdout}${stderr}`.trim(), seconds })
    })
  })

const report = ({ check, passed, output, seconds }: Outcome): void => {
  process.stdout.write(`${passed ? "✔" : "✘"} ${check} (${seconds.toFixed(1)} s)\n`)
  if (!passed) process.stdout.write(`\n${output}\n\n`)
}

const manifest: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync("package.json", "utf8")
)
const outcomes: Array<Outcome> = []
for (const check of Object.keys(manifest.scripts).filter((name) => name.startsWith("check:"))) {
  const outcome = await run(check)
  report(outcome)
  outcomes.push(outcome)
}

const failed = outcomes.filter(({ passed }) => !passed).map(({ check }) => check)
const { values } = parseArgs({ options: { results: { type: "string" } } })
if (values.results !== undefined) {
  writeFileSync(values.results, JSON.stringify({ passed: outcomes.length - failed.length, failed: failed.length }))
}
if (failed.length > 0) {
  process.stdout.write(`${failed.length} of ${outcomes.length} checks failed: ${failed.join(", ")}\n`)
  process.exitCode = 1
}
