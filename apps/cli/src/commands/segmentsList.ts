import { Segments, SegmentView } from "@customer-service/core"
import { Effect, Schema } from "effect"
import { Command } from "effect/cli"
import { json } from "../flags.ts"
import { answer } from "../output.ts"
import { refuseUnmigrated } from "../refuseUnmigrated.ts"

const encode = Schema.encodeSync(Schema.Array(SegmentView), { disableChecks: true })

const stateOf = ({ inForce, isActive, recompute }: SegmentView): string => {
  if (recompute !== undefined) return `, ${recompute.state} ${recompute.done} of ${recompute.total}`
  if (inForce !== undefined) return ", to be recomputed"
  return isActive ? "" : ", switched off"
}

const linesOf = (segment: SegmentView): ReadonlyArray<string> => {
  const { memberCount, name, ruleText = "filled by hand", version } = segment
  return [`${name}  ${memberCount} member(s), version ${version}${stateOf(segment)}`, `  ${ruleText}`]
}

/** `segments list`: what segments there are, by which rules, and how many belong to them. */
export const segmentsList = Command.make(
  "list",
  { json },
  Effect.fnUntraced(function* (flags) {
    yield* refuseUnmigrated
    const segments = yield* Segments.list()
    yield* answer(flags.json, { segments: encode(segments) }, segments.flatMap(linesOf).join("\n"))
  })
).pipe(
  Command.withDescription(
    "List the segments: their rules, how many customers belong to them, and what is being recomputed."
  ),
  Command.withShortDescription("List the segments with their rules and numbers of members"),
  Command.withExamples([{ command: "customer-service segments list" }])
)
