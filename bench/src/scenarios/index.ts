import type { ScenarioName } from "../options.ts"
import type { Scenario } from "./Bench.ts"
import { coldRead } from "./coldRead.ts"
import { consume } from "./consume.ts"
import { create } from "./create.ts"
import { hotRead } from "./hotRead.ts"
import { list } from "./list.ts"
import { loginMix } from "./loginMix.ts"
import { mixed } from "./mixed.ts"
import { paced } from "./paced.ts"
import { relay } from "./relay.ts"
import { segments } from "./segments.ts"
import { soak } from "./soak.ts"
import { start } from "./start.ts"

/** Every scenario by its name. */
export const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  "hot-read": hotRead,
  "cold-read": coldRead,
  mixed,
  create,
  "login-mix": loginMix,
  paced,
  start,
  relay,
  consume,
  list,
  segments,
  soak
}
