import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, onTestFinished, test, vi } from "vitest"
import { logIn, newPassword, post, register, verificationIn } from "./support/accounts.ts"
import { newEmail } from "./support/scene.ts"
import { startProcess } from "./support/serviceProcess.ts"

const embedded = async (variables: Readonly<Record<string, string>> = {}) => {
  const data = await mkdtemp(join(tmpdir(), "customer-service-mails-"))
  onTestFinished(() => rm(data, { recursive: true, force: true }))
  const service = await startProcess({ DATA_DIR: data, ...variables })
  onTestFinished(service.stop)
  return { service, mails: join(data, "mails") }
}

const filesIn = (directory: string): Promise<ReadonlyArray<string>> => readdir(directory).catch(() => [])

/** The texts of all messages once so many are written to their last line. */
const messagesIn = (directory: string, count: number): Promise<ReadonlyArray<string>> =>
  vi.waitUntil(
    async () => {
      const names = await filesIn(directory)
      const texts = await Promise.all(names.map((name) => readFile(join(directory, name), "utf8")))
      const whole = texts.filter((text) => text.endsWith("\n"))
      return whole.length >= count ? whole : undefined
    },
    { timeout: 15_000 }
  )

const secretIn = (texts: ReadonlyArray<string>, page: string): string =>
  new RegExp(`/${page}#token=([A-Za-z0-9_-]{43})`).exec(texts.join("\n"))?.[1] ?? ""

test("without SMTP_URL a mail becomes a file in DATA_DIR/mails, and the log says so", async () => {
  const { mails, service } = await embedded()
  const person = { email: newEmail(), password: newPassword() }
  expect((await register(service, person)).status).toBe(202)
  const sent = await messagesIn(mails, 1)
  expect(sent.join("\n")).toContain(person.email)
  expect(sent.join("\n")).toContain(service.url)

  const token = secretIn(sent, "verify-email")
  const { customerId } = verificationIn(await post(service, "email/verify", { token }))
  const grant = await logIn(service, person)
  expect(grant.customerId).toBe(customerId)

  expect((await post(service, "password/forgot", { email: person.email })).status).toBe(202)
  const reset = secretIn(await messagesIn(mails, 2), "reset-password")
  const password = newPassword()
  expect((await post(service, "password/reset", { token: reset, newPassword: password })).status).toBe(200)
  await logIn(service, { ...person, password })

  expect(service.output()).toContain(mails)
  for (const secret of [token, reset, person.email, person.password, password]) {
    expect(service.output()).not.toContain(secret)
  }
})

test("nobody but the service's own user may read them", async () => {
  const { mails, service } = await embedded()
  await register(service, { email: newEmail(), password: newPassword() })
  await messagesIn(mails, 1)
  const paths = [mails, ...(await filesIn(mails)).map((name) => join(mails, name))]
  for (const path of paths) expect((await stat(path)).mode & 0o077).toBe(0)
})

test("without SMS_URL a code becomes a file as well", async () => {
  const { mails, service } = await embedded({ EMAIL_VERIFICATION_REQUIRED: "false" })
  const person = { email: newEmail(), password: newPassword() }
  await register(service, { ...person, profile: { phone: "+1-555-0123" } })
  await messagesIn(mails, 1)
  const { accessToken: token, customerId } = await logIn(service, person)
  const path = `/v1/customers/${customerId}/phone`
  expect((await service.send("POST", `${path}/verification`, { token })).status).toBe(202)
  const sent = (await messagesIn(mails, 2)).find((text) => text.includes("+1-555-0123")) ?? ""
  const code = /\b(\d{6})\b is your code/.exec(sent)?.[1]
  expect((await service.send("POST", `${path}/confirm`, { token, body: { code } })).status).toBe(200)
})
