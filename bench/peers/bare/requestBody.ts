import type { IncomingMessage } from "node:http"

const mostBytes = 64 * 1024

/** The body as text; undefined where it is larger than 64 KiB. */
export const readBody = (request: IncomingMessage): Promise<string | undefined> =>
  new Promise((resolve, reject) => {
    const chunks: Array<Buffer> = []
    let bytes = 0
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > mostBytes) resolve(undefined)
      else chunks.push(chunk)
    })
    request.on("end", () => resolve((chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))?.toString()))
    request.on("error", reject)
  })

/** Whether the body is declared as JSON. */
export const isJson = (request: IncomingMessage): boolean =>
  /^application\/json\s*(;|$)/i.test(request.headers["content-type"] ?? "")
