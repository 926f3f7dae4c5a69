/** Where the sidecar comes from. */
export type DaprdChoice =
  | { readonly from: "program"; readonly program: string; readonly origin: string }
  | { readonly from: "docker" }
  | { readonly from: "go"; readonly go: string }
  | { readonly from: "wheel"; readonly python: string }

export interface DaprdSearch {
  readonly found?: { readonly program: string; readonly origin: string }
  /** What was found too old or too new, for people to read. */
  readonly passedOver: ReadonlyArray<string>
}

/** What the machine offers. */
export interface DaprdSurroundings {
  /** The program that TEST_DAPRD names. */
  readonly given: () => string | undefined
  readonly search: () => Promise<DaprdSearch>
  /** The program that was built before. */
  readonly built: () => Promise<string | undefined>
  /** Whether Docker answers and has the official image, or could fetch it. */
  readonly dockerOffers: () => Promise<boolean>
  /** A Go that is new enough. */
  readonly findGo: () => Promise<string | undefined>
  /** A Python that can install packages. */
  readonly findPython: () => Promise<string | undefined>
}

/** Nothing on this machine can be, or become, the sidecar; the message is one line. */
class DaprdMissing extends Error {
  override readonly name = "DaprdMissing"

  constructor(passedOver: ReadonlyArray<string>) {
    const remark = passedOver.length === 0 ? "" : ` (not what the tests need: ${passedOver.join(", ")})`
    super(
      `A Dapr sidecar not found${remark}: start Docker, or put Go ≥ 1.26 or a python3 with pip on PATH, ` +
        "or set TEST_DAPRD to a daprd from 1.14 up to 1.16"
    )
  }
}

/** Where it was built, for people to read. */
export const builtHere = "Dapr from tools/daprd"

/** How to build it: by the machine's Go, else by one that Python's package registry has. */
const chooseBuild = async (surroundings: DaprdSurroundings): Promise<DaprdChoice | undefined> => {
  const go = await surroundings.findGo()
  if (go !== undefined) return { from: "go", go }
  const python = await surroundings.findPython()
  return python === undefined ? undefined : { from: "wheel", python }
}

/**
 * The sidecar from the first that there is of: TEST_DAPRD, the machine's program, the one built before, Docker, one to
 * build. Rejects with `DaprdMissing` when there is none of them.
 */
export const chooseDaprd = async (surroundings: DaprdSurroundings): Promise<DaprdChoice> => {
  const given = surroundings.given()
  if (given !== undefined && given !== "") return { from: "program", program: given, origin: "Dapr from TEST_DAPRD" }
  const { found, passedOver } = await surroundings.search()
  if (found !== undefined) return { from: "program", ...found }
  const built = await surroundings.built()
  if (built !== undefined) return { from: "program", program: built, origin: builtHere }
  if (await surroundings.dockerOffers()) return { from: "docker" }
  const build = await chooseBuild(surroundings)
  if (build === undefined) throw new DaprdMissing(passedOver)
  return build
}
