import { Mailer } from "@customer-service/core"
import { Effect, Redacted } from "effect"

/** A request waits no longer than this, in milliseconds. */
const patience = 5000

/** The gateway has understood the message and will not have it; whatever else it says may be otherwise later. */
const lastWords = new Set([400, 422])

/** An address and what stands in front of it: a request may not have a password in its address. */
const readUrl = (smsUrl: Redacted.Redacted) => {
  const url = new URL(Redacted.value(smsUrl))
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  url.username = ""
  url.password = ""
  const authorization = credentials === ":" ? {} : { authorization: `Basic ${btoa(credentials)}` }
  return { url, headers: { "content-type": "application/json", ...authorization } }
}

const rejected = (permanent: boolean) => new Mailer.MailRejected({ permanent })

/** Hands text messages to a gateway: `POST` of `{"to","text"}`. Its answer is its status. */
export const make = (smsUrl: Redacted.Redacted): Mailer.Mailer["Service"]["sendText"] => {
  const { headers, url } = readUrl(smsUrl)

  const post = async (to: string, text: string, signal: AbortSignal): Promise<number> => {
    const response = await fetch(url, {
      method: "POST",
      headers,
      body: JSON.stringify({ to, text }),
      // It would take the message somewhere that nobody has named.
      redirect: "error",
      signal: AbortSignal.any([signal, AbortSignal.timeout(patience)])
    })
    await response.body?.cancel()
    return response.status
  }

  return Effect.fnUntraced(function* ({ text, to }) {
    if (!Mailer.isOnePhone(to)) return yield* rejected(true)
    const status = yield* Effect.tryPromise({
      try: (signal) => post(to, text, signal),
      catch: () => rejected(false)
    })
    if (status < 200 || status > 299) return yield* rejected(lastWords.has(status))
  })
}
