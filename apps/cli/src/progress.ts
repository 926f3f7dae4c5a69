import { Clock, Effect } from "effect"

/** How far a long command has come. */
export interface Progress {
  readonly done: number
  readonly total: number
  readonly seconds: number
}

const rateOf = ({ done, seconds }: Progress): number => (seconds > 0 ? Math.round(done / seconds) : 0)

const barWidth = 30
const usualColumns = 80

/** The state as a bar for a terminal of so many columns. */
export const bar = (progress: Progress, columns: number): string => {
  const share = progress.total === 0 ? 1 : progress.done / progress.total
  const filled = Math.floor(share * barWidth)
  const drawn = "█".repeat(filled) + "░".repeat(barWidth - filled)
  const left = rateOf(progress) === 0 ? "" : ` ${Math.ceil((progress.total - progress.done) / rateOf(progress))} s left`
  const percent = `${Math.floor(share * 100)}%`.padStart(4)
  const line = `${drawn} ${percent}  ${progress.done}/${progress.total}  ${rateOf(progress)}/s${left}`
  return line.slice(0, Math.max(0, columns - 1))
}

/** The state as one line of JSON, for logs. */
export const jsonLine = (progress: Progress): string =>
  JSON.stringify({ ...progress, seconds: Number(progress.seconds.toFixed(1)), perSecond: rateOf(progress) })

const eraseLine = "\r\u001B[2K"

interface Display {
  readonly interval: "100 millis" | "1 second"
  readonly show: (progress: Progress) => void
  readonly finish: (progress: Progress) => void
}

/** A bar on a terminal, one JSON line a second elsewhere. */
const displayOn = (stream: NodeJS.WriteStream): Display =>
  stream.isTTY
    ? {
        interval: "100 millis",
        show: (progress) => void stream.write(eraseLine + bar(progress, stream.columns || usualColumns)),
        finish: () => void stream.write(eraseLine)
      }
    : {
        interval: "1 second",
        show: (progress) => void stream.write(`${jsonLine(progress)}\n`),
        finish: (progress) => void stream.write(`${jsonLine(progress)}\n`)
      }

/** Runs `work` and shows on stderr how far it is; `work` is handed what it calls after each step. */
export const withProgress = Effect.fnUntraced(function* <A, E, R>(
  total: number,
  work: (advance: (steps: number) => Effect.Effect<void>) => Effect.Effect<A, E, R>
) {
  const display = displayOn(process.stderr)
  const startedAt = yield* Clock.currentTimeMillis
  let done = 0
  const state = Effect.map(Clock.currentTimeMillis, (now): Progress => ({
    done,
    total,
    seconds: (now - startedAt) / 1000
  }))
  const watch = Effect.forever(Effect.delay(Effect.map(state, display.show), display.interval))
  const advance = (steps: number) => Effect.sync(() => void (done += steps))
  const worked = Effect.onExit(work(advance), () => Effect.map(state, display.finish))
  return yield* Effect.raceFirst(worked, watch)
})
