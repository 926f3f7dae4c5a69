/**
 * Adds up the reports of `npm test` and `npm run check`: `node scripts/tally.mjs <directory> <test exit> <check exit>`.
 * Its last line is `N passed, N failed`. A run that failed without a report, or without a failed test in it, counts as
 * one failure, and so does every test that did not run. It needs no more than Node ≥ 20, since the installation may be
 * what failed.
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"

const [directory = ".", testExit = "0", checkExit = "0"] = process.argv.slice(2)

/** A report, or undefined where a run ended before it had written one. */
const read = (name) => {
  try {
    return JSON.parse(readFileSync(join(directory, name), "utf8"))
  } catch {
    return undefined
  }
}

const ofTests = ({ numTotalTests, numPassedTests }) => ({
  passed: numPassedTests,
  failed: numTotalTests === 0 ? 1 : numTotalTests - numPassedTests
})

const say = (line) => process.stdout.write(`${line}\n`)

const counted = (name, report, exit) => {
  const { passed, failed } = report ?? { passed: 0, failed: 1 }
  const unexplained = exit !== "0" && failed === 0
  if (report === undefined) say(`${name} came to no result`)
  if (unexplained) say(`${name} ended with exit code ${exit} although nothing in its report failed`)
  return { passed, failed: unexplained ? 1 : failed }
}

const tests = read("tests.json")
const counts = [
  counted("npm test", tests && ofTests(tests), testExit),
  counted("npm run check", read("checks.json"), checkExit)
]
const passed = counts.reduce((sum, count) => sum + count.passed, 0)
const failed = counts.reduce((sum, count) => sum + count.failed, 0)
say(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
