import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

interface CpuProfile {
  readonly nodes: ReadonlyArray<{
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  }>
  readonly samples: ReadonlyArray<number>
  /** Microseconds from each sample to the next. */
  readonly timeDeltas: ReadonlyArray<number>
}

const shown = 40
const idle = new Set(["(idle)", "(program)", "(root)"])

const place = ({ callFrame }: CpuProfile["nodes"][number]): string => {
  const file = callFrame.url.split("/").slice(-3).join("/")
  const where = file === "" ? "" : `  ${file}:${callFrame.lineNumber + 1}`
  return `${callFrame.functionName || "(anonymous)"}${where}`
}

/** The functions that took most time themselves, each with its share of the time that was not idle. */
const topOf = (profile: CpuProfile): ReadonlyArray<string> => {
  const places = new Map(profile.nodes.map((node) => [node.id, place(node)]))
  const times = new Map<string, number>()
  profile.samples.forEach((id, index) => {
    const name = places.get(id) ?? "?"
    if (!idle.has(name)) times.set(name, (times.get(name) ?? 0) + (profile.timeDeltas[index] ?? 0))
  })
  const total = [...times.values()].reduce((sum, time) => sum + time, 0)
  const sorted = [...times].sort(([, one], [, other]) => other - one)
  return sorted.slice(0, shown).map(([name, time]) => `${((100 * time) / total).toFixed(1).padStart(5)} %  ${name}`)
}

/** Lines that tell where the time of the profiles in `directory` went. */
export const profileLines = (directory: string): ReadonlyArray<string> =>
  readdirSync(directory)
    .sort()
    .map((file) => join(directory, file))
    .flatMap((path) => ["", `Self time in ${path}`, ...topOf(JSON.parse(readFileSync(path, "utf8")))])
