import { Effect, Option } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import { type Upstream, type UpstreamAnswer, UpstreamAnswers, upstreams } from "../order/UpstreamAnswers.ts"
import { HolderUnavailable, type PersonalDataHolder } from "./PersonalDataHolder.ts"

const name = "upstream answers"
const place = "answers"

const answering = Effect.mapError(() => new HolderUnavailable({ holder: name }))

const parse = (text: string): unknown => JSON.parse(text)

const shown = ({ asOf, json, service }: UpstreamAnswer & { readonly service: Upstream }) => ({
  service,
  asOf,
  answer: parse(json)
})

/** What other services last answered about customers. Erasure forgets it. */
export const upstreamPersonalData: Effect.Effect<PersonalDataHolder, never, UpstreamAnswers> = Effect.map(
  UpstreamAnswers,
  (answers) => {
    const kept = Effect.fnUntraced(function* (id: CustomerId) {
      const found = yield* Effect.forEach(upstreams, (service) =>
        Effect.map(
          answers.get(service, id),
          Option.map((answer) => ({ service, ...answer }))
        )
      )
      return found.flatMap(Option.toArray)
    }, answering)

    return {
      name,
      erase: ({ id }) =>
        Effect.map(answering(answers.forget(id)), (count) =>
          count === 0 ? [] : [{ store: name, place, fields: ["answer"], count }]
        ),
      remainders: ({ id }) =>
        Effect.map(kept(id), ({ length: count }) => (count === 0 ? [] : [{ store: name, place, count }])),
      exportOf: (id) => Effect.map(kept(id), (all) => all.map(shown))
    }
  }
)
