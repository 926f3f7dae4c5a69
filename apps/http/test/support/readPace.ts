import { Effect, Stream } from "effect"

const shareOf = (values: ReadonlyArray<number>, share: number): number =>
  values.toSorted((one, other) => one - other)[Math.ceil(values.length * share) - 1] ?? 0

export const median = (values: ReadonlyArray<number>): number => shareOf(values, 0.5)

/** Milliseconds that a request takes. */
export const timeOf = async (request: () => Promise<unknown>): Promise<number> => {
  const started = performance.now()
  await request()
  return performance.now() - started
}

/** How requests are sent: one every so many milliseconds, whether those before are answered or not. */
export interface Pace {
  readonly everyMillis: number
  readonly count: number
}

/** Milliseconds within which 99 of a hundred requests are answered. */
export const slowestOfHundred = async (
  request: () => Promise<unknown>,
  { count, everyMillis }: Pace
): Promise<number> => {
  const times = Stream.tick(everyMillis).pipe(
    Stream.take(count),
    Stream.mapEffect(() => Effect.promise(() => timeOf(request)), { concurrency: "unbounded" }),
    Stream.runCollect
  )
  return shareOf(await Effect.runPromise(times), 0.99)
}
