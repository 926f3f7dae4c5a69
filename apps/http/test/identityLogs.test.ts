import { randomInt } from "node:crypto"
import { expect, onTestFinished, test } from "vitest"
import {
  type Credentials,
  type Grant,
  grantIn,
  logIn,
  newPassword,
  post,
  refresh,
  register,
  resetToken,
  tryLogIn,
  tryRefresh,
  verificationIn
} from "./support/accounts.ts"
import { messagingTo, openIdentityScene } from "./support/identityScene.ts"
import { newEmail } from "./support/scene.ts"
import { type ServiceProcess, startProcess } from "./support/serviceProcess.ts"
import { staffToken } from "./support/tokens.ts"

const { database, mails, redisUrl, texts } = await openIdentityScene()

const start = async (environment: string): Promise<ServiceProcess> => {
  const service = await startProcess({
    NODE_ENV: environment,
    LOG_LEVEL: "debug",
    DATABASE_URL: database.url,
    REDIS_URL: redisUrl,
    ...messagingTo(mails, texts)
  })
  onTestFinished(service.stop)
  return service
}

/** Everything that anybody does about a login; answers all that nobody else may read. */
const wholeFlow = async (service: ServiceProcess): Promise<ReadonlyArray<string>> => {
  const secrets: Array<string> = []
  const keep = <A extends string>(secret: A): A => {
    secrets.push(secret)
    return secret
  }
  const keepGrant = (grant: Grant): Grant => {
    keep(grant.accessToken.split(".")[2] ?? "")
    keep(grant.refreshToken.split(".")[1] ?? "")
    return grant
  }
  const credentials = (): Credentials => ({ email: keep(newEmail()), password: keep(newPassword()) })
  const phone = keep(`+1 202 555 ${randomInt(10_000, 100_000)}`)
  const staff = await staffToken(keep(newEmail()))
  keep(staff.split(".")[2] ?? "")

  const jane = credentials()
  await register(service, { ...jane, profile: { firstName: keep("Bartholomea"), phone } })
  await register(service, { ...jane, password: keep(newPassword()) })
  for (let link = 0; link < 2; link += 1) keep(await mails.takeToken(jane.email, "verify-email"))
  await post(service, "email/resend", { email: jane.email })
  const token = keep(await mails.takeToken(jane.email, "verify-email"))
  await tryLogIn(service, jane)
  const { customerId } = verificationIn(await post(service, "email/verify", { token }))
  await post(service, "email/verify", { token })
  const path = `/v1/customers/${customerId}`

  const stranger = credentials()
  for (let attempt = 0; attempt < 11; attempt += 1) await tryLogIn(service, stranger)
  await post(service, "password/forgot", { email: stranger.email })
  await post(service, "login", `{"email":"${stranger.email}","password":"${stranger.password}",`)
  await post(service, "login", { ...stranger, [stranger.password]: stranger.email })

  const password = keep(newPassword())
  const reset = keep(await resetToken(service, mails, jane.email))
  await post(service, "password/reset", { token: reset, newPassword: keep("Short-1") })
  await post(service, "password/reset", { token: reset, newPassword: password })
  const first = keepGrant(await logIn(service, { ...jane, password }))
  const second = keepGrant(await refresh(service, first))
  const third = keepGrant(await refresh(service, second))
  const changed = keep(newPassword())
  const own = { token: third.accessToken }
  await service.send("POST", `${path}/password`, {
    ...own,
    body: { currentPassword: jane.password, newPassword: changed }
  })
  await service.send("POST", `${path}/password`, { ...own, body: { currentPassword: password, newPassword: changed } })
  const email = keep(newEmail())
  await service.send("POST", `${path}/email`, { ...own, body: { email } })
  await post(service, "email/verify", { token: keep(await mails.takeToken(email, "verify-email")) }, own)
  await service.send("POST", `${path}/phone/verification`, own)
  const code = keep(await texts.codeOf(phone))
  await service.send("POST", `${path}/phone/confirm`, { ...own, body: { code } })
  await service.send("GET", `${path}/sessions`, own)
  await service.send("GET", `${path}?token=${reset}&email=${email}`, own)
  await tryRefresh(service, first)
  await service.send("GET", path, own)
  keepGrant(grantIn(await tryLogIn(service, { email, password: changed })))
  await service.send("POST", `${path}/suspend`, { token: staff, body: { reason: keep("chargeback 4711-0815") } })
  await tryLogIn(service, { email, password: changed })
  return secrets
}

test.for(["production", "development"])(
  "no password, token, secret or address is in any line of the %s log or any metric at debug level",
  { timeout: 60_000 },
  async (environment) => {
    const service = await start(environment)
    const secrets = await wholeFlow(service)
    const metrics = (await service.send("GET", "/metrics")).text
    await service.stop()
    const output = service.output()
    expect(output).toContain("A refresh token was used twice")
    expect(secrets.filter((secret) => secret.length < 5)).toEqual([])
    expect(secrets.filter((secret) => output.includes(secret) || metrics.includes(secret))).toEqual([])
    expect(output + metrics).not.toMatch(/\$argon2id\$|[^\s@"]+@example\.com/)
  }
)
