import { Recomputes, Segments } from "@customer-service/core"
import { Effect } from "effect"
import { Argument, Command } from "effect/cli"
import { dryRun, json } from "../flags.ts"
import { answer } from "../output.ts"
import { refuseUnmigrated } from "../refuseUnmigrated.ts"
import { finishRecomputes } from "../segments/recomputing.ts"

const names = Argument.String("segment").pipe(
  Argument.withDescription("Names or ids of segments; all of them where none is given"),
  Argument.variadic()
)

const countMembers = Effect.map(
  Segments.list(),
  (segments) => new Map(segments.map(({ id, memberCount }) => [id, memberCount]))
)

/** `segments recompute`: compares everybody with the rules of segments anew. */
export const segmentsRecompute = Command.make(
  "recompute",
  { names, dryRun, json },
  Effect.fnUntraced(function* (flags) {
    yield* refuseUnmigrated
    const wanted = yield* flags.dryRun ? Recomputes.named(flags.names) : Recomputes.start(flags.names)
    if (!flags.dryRun) yield* finishRecomputes(wanted)
    const counts = yield* countMembers
    const segments = wanted.map(({ id, name }) => ({ name, memberCount: counts.get(id) ?? 0 }))
    const head = `${flags.dryRun ? "Would recompute" : "Recomputed"} ${wanted.length} segment(s)`
    const lines = segments.map(({ memberCount, name }) => `  ${name}  ${memberCount} member(s)`)
    yield* answer(flags.json, { dryRun: flags.dryRun, segments }, [head, ...lines].join("\n"))
  })
).pipe(
  Command.withDescription(
    "Compare every customer with the rules of segments anew. Memberships stay as they are until a segment is compared " +
      "to the end. It can be stopped and started again, and the running service goes on with what is left."
  ),
  Command.withShortDescription("Compare every customer with the rules of segments anew"),
  Command.withExamples([
    { command: "customer-service segments recompute", description: "All segments" },
    { command: "customer-service segments recompute vip-customers new-customers --json" }
  ])
)
