import type { LoadGenerator } from "../load/LoadGenerator.ts"
import type { Measurement } from "../Measurement.ts"
import type { Recomputed } from "../segments/recompute.ts"
import type { ReviewCost } from "../segments/reviewCosts.ts"
import type { Options, ScenarioName } from "../options.ts"
import type { Service, ServiceName, Surroundings } from "../services.ts"

/** What the scenarios run on. */
export interface Bench {
  readonly options: Options
  /** Those to compare, all of them running. */
  readonly services: ReadonlyArray<Service>
  /** Each service has a database and a cache of its own, so that neither has to understand what the other caches. */
  readonly surroundings: Readonly<Record<ServiceName, Surroundings>>
  readonly generator: LoadGenerator
  /** Bearer tokens of a service client and of a member of staff. */
  readonly tokens: { readonly client: string; readonly staff: string }
  /** URL of a database server on which databases can be created. */
  readonly databaseServerUrl: string
  /** Where services that a scenario starts write CPU profiles, if they are to. */
  readonly profileDirectory: string | undefined
  /** Tells people how far things are. */
  readonly tell: (line: string) => void
}

/** Slices of one kind, of all services and rounds. */
export interface Group {
  readonly label: string
  readonly slices: ReadonlyArray<Measurement>
}

/** How a service's memory went over a soak. */
export interface MemoryCourse {
  readonly service: ServiceName
  /** Resident megabytes by second. */
  readonly samples: ReadonlyArray<readonly [second: number, megabytes: number]>
  /** Over the second half, when caches are full. */
  readonly megabytesPerMinute: number
}

/** What a round of logins cost: CPU milliseconds each, and of nothing but the hash that each must compute. */
export interface LoginCost {
  readonly service: ServiceName
  readonly login: number
  readonly hash: number
}

/** What a scenario found. */
export interface ScenarioReport {
  readonly scenario: ScenarioName
  readonly groups: ReadonlyArray<Group>
  readonly startMillis?: Readonly<Record<string, ReadonlyArray<number>>>
  readonly memory?: ReadonlyArray<MemoryCourse>
  readonly loginCosts?: ReadonlyArray<LoginCost>
  readonly recomputes?: ReadonlyArray<Recomputed>
  readonly reviewCosts?: ReadonlyArray<ReviewCost>
}

export type Scenario = (bench: Bench) => Promise<ScenarioReport>
