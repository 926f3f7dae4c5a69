import type { InstallServer } from "./apt.ts"
import type { Programs, ProgramSearch } from "./programs.ts"
import { type ServerName, requirements } from "./server.ts"

/** Where a server that nobody else uses comes from. */
export type PrivateChoice = { readonly from: "programs"; readonly programs: Programs } | { readonly from: "compose" }

/** Where a server comes from. */
export type Choice = PrivateChoice | { readonly from: "address"; readonly url: string; readonly origin: string }

export interface Missing {
  readonly from: "nowhere"
  readonly server: ServerName
  readonly passedOver: ReadonlyArray<string>
}

/** What the machine offers. */
export interface Surroundings {
  readonly address: (server: ServerName) => string | undefined
  readonly search: (server: ServerName) => Promise<ProgramSearch>
  readonly dockerAnswers: () => Promise<boolean>
  readonly install: InstallServer
}

export const addressVariables: Readonly<Record<ServerName, string>> = {
  postgres: "TEST_DATABASE_URL",
  redis: "TEST_REDIS_URL"
}

/** A server that nobody else uses: the machine's programs, then Docker, then the distribution's packages. */
export const choosePrivate = async (
  server: ServerName,
  surroundings: Surroundings
): Promise<PrivateChoice | Missing> => {
  const { found, passedOver } = await surroundings.search(server)
  if (found !== undefined) return { from: "programs", programs: found }
  if (await surroundings.dockerAnswers()) return { from: "compose" }
  if (await surroundings.install(server)) {
    const installed = await surroundings.search(server)
    if (installed.found !== undefined) return { from: "programs", programs: installed.found }
  }
  return { from: "nowhere", server, passedOver }
}

/** The server whose address is given, else one as `choosePrivate` finds it. */
export const choose = async (server: ServerName, surroundings: Surroundings): Promise<Choice | Missing> => {
  const url = surroundings.address(server)
  if (url === undefined || url === "") return choosePrivate(server, surroundings)
  return { from: "address", url, origin: `${requirements[server].title} from ${addressVariables[server]}` }
}

const howToInstall: Readonly<Record<ServerName, { readonly apt: string; readonly brew: string }>> = {
  postgres: { apt: "postgresql", brew: "postgresql@17" },
  redis: { apt: "redis-server", brew: "redis" }
}

/** One line that says what to install. */
const missingMessage = (missing: ReadonlyArray<Missing>): string => {
  const servers = missing.map(({ server }) => server)
  const wanted = servers.map((server) => `${requirements[server].title} ≥ ${requirements[server].minimum}`)
  const tooOld = missing.flatMap(({ passedOver }) => passedOver)
  const remark = tooOld.length === 0 ? "" : ` (too old: ${tooOld.join(", ")})`
  const apt = servers.map((server) => howToInstall[server].apt).join(" ")
  const brew = servers.map((server) => howToInstall[server].brew).join(" ")
  const variables = servers.map((server) => addressVariables[server]).join(" and ")
  return `${wanted.join(" and ")} not found${remark}: run "apt-get install ${apt}" or "brew install ${brew}", or start Docker, or set ${variables}`
}

/** Nothing on this machine can be, or become, the servers asked for; the message is one line. */
export class ServersMissing extends Error {
  override readonly name = "ServersMissing"

  constructor(outcomes: ReadonlyArray<Choice | Missing>) {
    super(missingMessage(outcomes.filter((outcome) => outcome.from === "nowhere")))
  }
}
