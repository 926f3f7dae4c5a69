import type { ServerResponse } from "node:http"
import { Effect, Schema } from "effect"
import { type Call, httpServer } from "./httpServer.ts"

/** What a sidecar answers; undefined to never answer. */
export type Reply = { readonly status: number; readonly body?: unknown } | undefined

export const published: Reply = { status: 204 }

const decodeEntries = Schema.decodeUnknownOption(
  Schema.fromJsonString(Schema.Array(Schema.Struct({ entryId: Schema.String })))
)

/** What came in: the path, the token, and the ids of the events. */
const readCall = ({ headers, path, text }: Call) => {
  const url = new URL(path, "http://sidecar")
  const single = url.searchParams.get("metadata.cloudevent.id")
  const entries = decodeEntries(text)
  const ids = single === null ? (entries._tag === "Some" ? entries.value.map(({ entryId }) => entryId) : []) : [single]
  return { path: url.pathname, isBulk: single === null, ids, headers, text }
}

export type PublishCall = ReturnType<typeof readCall>

const send = (reply: Reply, response: ServerResponse): void => {
  if (reply === undefined) return
  const text = typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body)
  response.writeHead(reply.status, { "content-type": "application/json" }).end(text)
}

/** Something that listens where a sidecar should, notes what it is asked, and answers as it is told. */
export const fakeSidecar = Effect.fnUntraced(function* (
  answer: (call: PublishCall, response: ServerResponse) => Reply
) {
  const calls: Array<PublishCall> = []
  const load = { open: 0, most: 0 }
  const port = yield* httpServer((call, response) => {
    load.open += 1
    load.most = Math.max(load.most, load.open)
    response.on("close", () => {
      load.open -= 1
    })
    const read = readCall(call)
    calls.push(read)
    send(answer(read, response), response)
  })
  return { port, calls, load }
})
