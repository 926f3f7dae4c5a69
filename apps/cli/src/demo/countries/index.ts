import type { Country } from "../Country.ts"
import { brazil } from "./brazil.ts"
import { canada } from "./canada.ts"
import { france } from "./france.ts"
import { germany } from "./germany.ts"
import { italy } from "./italy.ts"
import { japan } from "./japan.ts"
import { netherlands } from "./netherlands.ts"
import { poland } from "./poland.ts"
import { spain } from "./spain.ts"
import { sweden } from "./sweden.ts"
import { unitedKingdom } from "./unitedKingdom.ts"
import { unitedStates } from "./unitedStates.ts"

/** Where the shop's customers live; a country that stands here more often has more of them. */
export const countries: readonly [Country, ...ReadonlyArray<Country>] = [
  unitedStates,
  unitedStates,
  unitedStates,
  germany,
  germany,
  unitedKingdom,
  unitedKingdom,
  france,
  france,
  spain,
  italy,
  netherlands,
  poland,
  sweden,
  canada,
  brazil,
  japan
]
