import { randomInt } from "node:crypto"
import { expect, onTestFinished, test } from "vitest"
import { newPassword, newPerson, type Person, post, resetToken, tryLogIn } from "./support/accounts.ts"
import { messagingTo, openIdentityScene } from "./support/identityScene.ts"
import { type ServiceProcess, startProcess } from "./support/serviceProcess.ts"

const { database, mails, redisUrl, service, texts } = await openIdentityScene()

const together = 12

interface Reset {
  readonly person: Person
  readonly token: string
  readonly password: string
}

const prepare = async (): Promise<Reset> => {
  const person = await newPerson(service, mails)
  return { person, token: await resetToken(service, mails, person.email), password: newPassword() }
}

/** Sends all resets at once and kills the process when so many were answered; answers which were. */
const killAfter = async (victim: ServiceProcess, resets: ReadonlyArray<Reset>, answers: number) => {
  const answered = new Set<Reset>()
  const sending = resets.map(async (reset) => {
    const { status } = await post(victim, "password/reset", { token: reset.token, newPassword: reset.password })
    expect(status).toBe(200)
    answered.add(reset)
    if (answered.size === answers) victim.kill("SIGKILL")
  })
  if (answers === 0) victim.kill("SIGKILL")
  await Promise.allSettled(sending)
  await victim.exited
  return answered
}

const opens = async ({ email }: Person, password: string): Promise<boolean> =>
  (await tryLogIn(service, { email, password })).status === 200

test("kill -9 in the middle of a reset leaves either the old or the new password, never both or neither", async () => {
  const variables = { DATABASE_URL: database.url, REDIS_URL: redisUrl, ...messagingTo(mails, texts) }
  for (let round = 0; round < 3; round += 1) {
    const resets = await Promise.all(Array.from({ length: together }, prepare))
    const victim = await startProcess(variables)
    onTestFinished(() => victim.kill("SIGKILL"))
    const answered = await killAfter(victim, resets, randomInt(together))
    for (const reset of resets) {
      const { password, person, token } = reset
      const isNew = await opens(person, password)
      expect(await opens(person, person.password)).toBe(!isNew)
      if (answered.has(reset)) expect(isNew).toBe(true)
      // A reset that did not happen can be made up for: its link still works. One that did has used it up.
      const again = await post(service, "password/reset", { token, newPassword: newPassword() })
      expect(again.status).toBe(isNew ? 400 : 200)
    }
  }
}, 90_000)
