import { describe, expect, test, vi } from "vitest"
import {
  grantIn,
  logIn,
  loggedOut,
  newPassword,
  newPerson,
  type Person,
  post,
  resetToken,
  statusesOf,
  tryLogIn,
  tryRefresh
} from "./support/accounts.ts"
import { customerIn } from "./support/customers.ts"
import { openIdentityScene } from "./support/identityScene.ts"
import { tokenIn } from "./support/mailText.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { newEmail } from "./support/scene.ts"
import { staffToken } from "./support/tokens.ts"

const { database, mails, service } = await openIdentityScene()

const staff = await staffToken()
const dead = refusal(400, "INVALID_TOKEN")

const emailOf = async ({ path }: Person): Promise<string> =>
  customerIn(await service.send("GET", path, { token: staff })).email

/** Somebody whose password is known to a thief, who is logged in with it. */
const robbed = async () => {
  const owner = await newPerson(service, mails)
  return { owner, thief: await logIn(service, owner), token: await resetToken(service, mails, owner.email) }
}

/** The owner gets her account back. */
const recover = async ({ owner, token }: { readonly owner: Person; readonly token: string }): Promise<Person> => {
  const password = newPassword()
  expect((await post(service, "password/reset", { token, newPassword: password })).status).toBe(200)
  return { ...owner, password }
}

const askForEmail = async ({ path }: Person, token: string): Promise<string> => {
  const email = newEmail()
  expect((await service.send("POST", `${path}/email`, { token, body: { email } })).status).toBe(202)
  return email
}

/** What was refused is tried again after a minute: that minute is over. */
const passTime = () => database.rows("UPDATE mail_queue SET due_at = now() WHERE attempts > 0")

describe("once the owner has set a new password", () => {
  test("a link to another address that a thief asked for before is dead", async () => {
    const scene = await robbed()
    const email = await askForEmail(scene.owner, scene.thief.accessToken)
    const token = await mails.takeToken(email, "verify-email")
    await recover(scene)
    expect(refusalIn(await post(service, "email/verify", { token }))).toEqual(dead)
    expect(await emailOf(scene.owner)).toBe(scene.owner.email)
  })

  test("such a link is no good either if it had not gone out yet", async () => {
    const scene = await robbed()
    await mails.close()
    const email = await askForEmail(scene.owner, scene.thief.accessToken)
    await recover(scene)
    await mails.open()
    await vi.waitUntil(
      async () => {
        await passTime()
        return (await database.rows("SELECT 1 FROM mail_queue LIMIT 1")).length === 0
      },
      { timeout: 20_000, interval: 500 }
    )
    for (const mail of mails.to(email)) {
      expect(refusalIn(await post(service, "email/verify", { token: tokenIn(mail) }))).toEqual(dead)
    }
    expect(await emailOf(scene.owner)).toBe(scene.owner.email)
  })

  test("her password stands, whatever changes with the old one were under way", async () => {
    for (let round = 0; round < 3; round += 1) {
      const scene = await robbed()
      const change = () =>
        service.send("POST", `${scene.owner.path}/password`, {
          token: scene.thief.accessToken,
          body: { currentPassword: scene.owner.password, newPassword: newPassword() }
        })
      const changes = Array.from({ length: 6 }, change)
      const password = newPassword()
      const [reset] = await Promise.all([
        post(service, "password/reset", { token: scene.token, newPassword: password }),
        ...changes
      ])
      // A change that was first has ended the link: then she asks for another.
      if (reset.status === 200) await logIn(service, { ...scene.owner, password })
      else expect(refusalIn(reset)).toEqual(dead)
    }
  })

  test("no refresh and no login of that very time has left a session", async () => {
    for (let round = 0; round < 3; round += 1) {
      const scene = await robbed()
      const [owner, ...answers] = await Promise.all([
        recover(scene),
        ...Array.from({ length: 10 }, (_, index) =>
          index % 2 === 0 ? tryRefresh(service, scene.thief) : tryLogIn(service, scene.owner)
        )
      ])
      const grants = answers.filter(({ status }) => status === 200).map(grantIn)
      for (const grant of [scene.thief, ...grants]) expect(await statusesOf(service, grant)).toEqual(loggedOut)
      await logIn(service, owner)
    }
  })
})

test("a login at the very time of a suspension leaves no session", async () => {
  for (let round = 0; round < 5; round += 1) {
    const person = await newPerson(service, mails)
    const suspend = service.send("POST", `${person.path}/suspend`, { token: staff, body: { reason: "a test" } })
    const [suspended, ...answers] = await Promise.all([
      suspend,
      ...Array.from({ length: 8 }, () => tryLogIn(service, person))
    ])
    expect(suspended.status).toBe(200)
    const grants = answers.filter(({ status }) => status === 200).map(grantIn)
    for (const grant of grants) expect(await statusesOf(service, grant)).toEqual(loggedOut)
    const sessions = await service.send("GET", `${person.path}/sessions`, { token: staff })
    expect(sessions.body).toEqual({ success: true, data: { sessions: [] } })
  }
})
