import { Console, Effect } from "effect"
import { CliOutput } from "effect/cli"

/** Prints a command's answer to stdout: data for programs where they ask for it, else text for people. */
export const answer = (asJson: boolean, data: object, text: string): Effect.Effect<void> =>
  Console.log(asJson ? JSON.stringify(data) : text)

/** Prints a line to stderr, which is for whatever is not the answer. */
export const remark = (line: string): Effect.Effect<void> => Console.error(line)

/**
 * Help and the version are answers when they are asked for; where a command was used wrongly, stderr says what is
 * wrong and stdout stays empty.
 */
export const presenter: CliOutput.Presenter = {
  present: Effect.fnUntraced(function* (event) {
    const formatter = yield* CliOutput.Formatter
    switch (event._tag) {
      case "Version":
        return yield* Console.log(event.version)
      case "Help": {
        const help = formatter.formatHelpDoc(event.helpDoc)
        return yield* event.reason === "Requested" ? Console.log(help) : remark(help)
      }
      case "InvalidInvocation": {
        yield* Effect.forEach(event.errors, (error) => remark(formatter.formatCliError(error)))
        return yield* remark(`Run \`${event.commandPath.join(" ")} --help\` for what it takes`)
      }
    }
  })
}
