import { Effect } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { createHash } from "node:crypto"

/**
 * The pages that links in mails lead to where PUBLIC_URL is this service's own address. A shop has pages of its own:
 * they read the token behind `#token=`, which no server is sent, and post it as these do. Nothing happens before
 * somebody presses the button: programs that look into mails open links as well.
 */
interface Page {
  readonly path: `/${string}`
  readonly title: string
  readonly button: string
  readonly endpoint: string
  readonly asksPassword: boolean
}

const pages: ReadonlyArray<Page> = [
  {
    path: "/verify-email",
    title: "Confirm your mail address",
    button: "Confirm",
    endpoint: "/v1/customers/auth/email/verify",
    asksPassword: false
  },
  {
    path: "/reset-password",
    title: "Set a new password",
    button: "Set password",
    endpoint: "/v1/customers/auth/password/reset",
    asksPassword: true
  }
]

const style = "body{font:1rem/1.5 system-ui;max-width:28rem;margin:4rem auto;padding:0 1rem}input,button{font:inherit}"

const script = `
const token = new URLSearchParams(location.hash.slice(1)).get("token") ?? ""
history.replaceState(null, "", location.pathname)
const form = document.querySelector("form")
const told = document.querySelector("output")
form.addEventListener("submit", async (event) => {
  event.preventDefault()
  const password = form.elements.namedItem("password")
  const body = password === null ? { token } : { token, newPassword: password.value }
  const headers = { "content-type": "application/json" }
  try {
    const answer = await fetch(form.action, { method: "POST", headers, body: JSON.stringify(body) })
    const { success, data, error } = await answer.json()
    form.hidden = success
    const done = success && data.passwordRequired ? "Done. Now have a link sent to set a password." : "Done."
    told.value = success ? done : [error.message, ...error.details.map(({ message }) => message)].join(": ")
  } catch {
    told.value = "The service did not answer; try again."
  }
})`

const passwordField = `<p><label>New password <input name="password" type="password" autocomplete="new-password" required></label></p>`

const render = ({ asksPassword, button, endpoint, title }: Page): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer"><title>${title}</title><style>${style}</style>
<h1>${title}</h1><form action="${endpoint}" method="post">${asksPassword ? passwordField : ""}<button>${button}</button></form>
<p><output role="status"></output></p><script>${script}</script></html>`

const digest = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`

const headers = {
  "content-security-policy": [
    "default-src 'none'",
    `script-src ${digest(script)}`,
    `style-src ${digest(style)}`,
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'"
  ].join("; "),
  "referrer-policy": "no-referrer",
  "cache-control": "no-store"
}

/** The paths of the pages. */
export const paths: ReadonlyArray<string> = pages.map(({ path }) => path)

/** The pages behind the links in mails. */
export const layer = HttpRouter.use((router) =>
  Effect.forEach(
    pages,
    (page) =>
      router.add(
        "GET",
        page.path,
        HttpServerResponse.text(render(page), { contentType: "text/html; charset=utf-8", headers })
      ),
    { discard: true }
  )
)
