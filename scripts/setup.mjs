/**
 * Brings a checkout to where its own tools run: `node scripts/setup.mjs` installs what the lockfile names;
 * `… build` then runs turbo's task "build" for every package, `… build <package>` for one and what it needs.
 *
 * It runs on whatever Node ≥ 20 there is, since pnpm and Node 24 come with the installation, and says everything on
 * stderr, since stdout belongs to the command that follows.
 */
import { spawnSync } from "node:child_process"
import { existsSync, readFileSync, statSync } from "node:fs"
import { delimiter, resolve } from "node:path"
import { fileURLToPath } from "node:url"

process.chdir(fileURLToPath(new URL("..", import.meta.url)))

const environment = {
  ...process.env,
  PATH: [resolve("node_modules/.bin"), process.env.PATH].join(delimiter),
  TURBO_TELEMETRY_DISABLED: "1"
}

const run = (program, parameters, output) => {
  const settings = { env: environment, stdio: ["ignore", output, output] }
  const { status, stdout, stderr, error } = spawnSync(program, parameters, settings)
  if (status === 0) return
  process.stderr.write(`${stdout ?? ""}${stderr ?? ""}${error?.message ?? ""}\n${program} failed\n`)
  process.exit(status || 1)
}

const installedLockfile = "node_modules/.pnpm/lock.yaml"
// pnpm writes this one last: when it is older than the lockfile, an installation was cut short.
const finished = "node_modules/.pnpm-workspace-state-v1.json"

const isInstalled = () =>
  existsSync(installedLockfile) &&
  existsSync(finished) &&
  readFileSync(installedLockfile).equals(readFileSync("pnpm-lock.yaml")) &&
  statSync(finished).mtimeMs >= statSync(installedLockfile).mtimeMs

const install = () => {
  const { packageManager } = JSON.parse(readFileSync("package.json", "utf8"))
  run("npx", ["--yes", packageManager, "install", "--frozen-lockfile"], 2)
}

const runTask = (task, packages) => {
  const filters = packages.map((name) => `--filter=${name}`)
  run("turbo", ["run", task, "--output-logs=errors-only", ...filters], "pipe")
}

const [task, ...packages] = process.argv.slice(2)
if (!isInstalled()) install()
if (task !== undefined) runTask(task, packages)
