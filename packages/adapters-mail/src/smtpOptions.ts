import { Redacted } from "effect"

/** Milliseconds that each step may take; the whole of a message has `mostMillis`. */
const patience = { dnsTimeout: 5000, connectionTimeout: 5000, greetingTimeout: 5000, socketTimeout: 10_000 }

/** Milliseconds after which a message that is still under way is given up, to be tried again. */
export const mostMillis = 30_000

const isLocal = (host: string): boolean => host === "localhost" || host === "::1" || /^127\.[\d.]+$/.test(host)

const authOf = ({ password, username }: URL) =>
  username === "" ? undefined : { user: decodeURIComponent(username), pass: decodeURIComponent(password) }

/**
 * How to reach the server of an address: `smtp://` (port 587, with TLS where the server offers it) or `smtps://` (port
 * 465, TLS from the start). A password is only sent in the open to this machine, or where `?requireTLS=false` says so;
 * `?ignoreTLS=true` uses no TLS, and `?tls.rejectUnauthorized=false` takes any certificate.
 */
const readSmtpUrl = (address: Redacted.Redacted) => {
  const url = new URL(Redacted.value(address))
  const says = (name: string, value: string) => url.searchParams.get(name) === value
  const host = url.hostname.replace(/^\[|\]$/g, "")
  const secure = url.protocol === "smtps:"
  const auth = authOf(url)
  const isSecret = auth !== undefined && !isLocal(host)
  const requireTLS = says("requireTLS", "true") || (isSecret && !says("requireTLS", "false"))
  return {
    host,
    port: url.port === "" ? (secure ? 465 : 587) : Number(url.port),
    secure,
    requireTLS,
    ignoreTLS: says("ignoreTLS", "true"),
    // Where a mail would go in the open as well, a certificate that nobody vouches for is better than none (RFC 7435).
    tls: {
      rejectUnauthorized: (secure || requireTLS || auth !== undefined) && !says("tls.rejectUnauthorized", "false")
    },
    ...(auth !== undefined && { auth })
  }
}

/** The options of a pool of connections to the server. Nothing in a message makes it read a file or an address. */
export const poolOptions = (address: Redacted.Redacted) =>
  ({
    ...readSmtpUrl(address),
    ...patience,
    pool: true,
    maxConnections: 3,
    maxRequeues: 1,
    idleTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true
  }) as const
