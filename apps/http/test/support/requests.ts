/** An answer as a caller sees it; `body` is the parsed JSON, undefined where there is none. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: unknown
}

/** What a request carries beside method and path. */
export interface RequestParts {
  readonly token?: string | undefined
  /** Sent as JSON; text is sent as it is. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

const bodyOf = (body: unknown): string | Uint8Array<ArrayBuffer> | undefined => {
  if (body === undefined || typeof body === "string") return body
  return body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body)
}

const parsed = (text: string, contentType: string | null): unknown =>
  text !== "" && contentType?.startsWith("application/json") === true ? JSON.parse(text) : undefined

/** Sends one request and reads the whole answer. */
export const send = async (
  base: string,
  method: string,
  path: string,
  { body, headers = {}, token }: RequestParts = {}
): Promise<Answer> => {
  const sent = bodyOf(body)
  const response = await fetch(base + path, {
    method,
    redirect: "manual",
    headers: {
      ...(sent === undefined ? {} : { "content-type": "application/json" }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers
    },
    ...(sent === undefined ? {} : { body: sent })
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: parsed(text, response.headers.get("content-type"))
  }
}
