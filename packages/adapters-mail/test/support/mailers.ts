import { Mailer } from "@customer-service/core"
import { Context, Effect, Layer, Logger, References } from "effect"

export const mailerOf = (layer: Layer.Layer<Mailer.Mailer>) =>
  Effect.map(Layer.build(layer), (context) => Context.get(context, Mailer.Mailer))

/** What is logged at any level, as text with all that is said beside it. */
export const listening = () => {
  const lines: Array<string> = []
  const logger = Logger.map(Logger.formatJson, (line) => {
    lines.push(line)
  })
  const layer = Layer.merge(Logger.layer([logger]), Layer.succeed(References.MinimumLogLevel, "Trace"))
  return { layer, lines }
}
