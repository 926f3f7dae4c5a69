import { expect, test } from "vitest"
import {
  type Grant,
  grantIn,
  logIn,
  loggedIn,
  loggedOut,
  newPassword,
  newPerson,
  type Person,
  statusesOf,
  tryLogIn,
  tryRefresh
} from "./support/accounts.ts"
import { createCustomer } from "./support/customers.ts"
import { openIdentityScene } from "./support/identityScene.ts"
import { refusal, refusalIn } from "./support/refusals.ts"

const { database, mails, service } = await openIdentityScene()

const refused = refusal(401, "INVALID_CREDENTIALS")

const change = ({ path }: Pick<Person, "path">, token: string, currentPassword: string, password: string) =>
  service.send("POST", `${path}/password`, { token, body: { currentPassword, newPassword: password } })

test("a changed password ends every other session, her own goes on, and she is told", async () => {
  const person = await newPerson(service, mails)
  const [own, ...others] = [await logIn(service, person), await logIn(service, person), await logIn(service, person)]
  const password = newPassword()
  const answer = await change(person, own.accessToken, person.password, password)
  expect(answer.body).toEqual({ success: true, data: { changed: true } })
  for (const grant of others) expect(await statusesOf(service, grant)).toEqual(loggedOut)
  expect(await statusesOf(service, own)).toEqual(loggedIn)
  expect(refusalIn(await tryLogIn(service, person))).toEqual(refused)
  await logIn(service, { ...person, password })
  expect((await mails.take(person.email, /password .*has changed/)).text).not.toContain("#token=")
  const audits = await database.rows(
    "SELECT actor FROM customer_audits WHERE customer_id = $1 AND action = 'password_changed'",
    [person.id]
  )
  expect(audits).toEqual([{ actor: person.id }])
})

test("her own session goes on for as long as it is refreshed", async () => {
  const person = await newPerson(service, mails)
  const own = await logIn(service, person)
  await change(person, own.accessToken, person.password, newPassword())
  const second = grantIn(await tryRefresh(service, own))
  const third = grantIn(await tryRefresh(service, second))
  expect(await statusesOf(service, third)).toEqual(loggedIn)
})

test("a wrong current password changes nothing", async () => {
  const person = await newPerson(service, mails)
  const own = await logIn(service, person)
  const other = await logIn(service, person)
  expect(refusalIn(await change(person, own.accessToken, newPassword(), newPassword()))).toEqual(refused)
  expect(await statusesOf(service, other)).toEqual(loggedIn)
  await logIn(service, person)
})

test("after ten wrong current passwords no more are looked at for a while", async () => {
  const person = await newPerson(service, mails)
  const { accessToken } = await logIn(service, person)
  for (let attempt = 0; attempt < 10; attempt += 1) {
    expect(refusalIn(await change(person, accessToken, newPassword(), newPassword()))).toEqual(refused)
  }
  const answer = await change(person, accessToken, person.password, newPassword())
  expect(refusalIn(answer)).toEqual(refusal(429, "TOO_MANY_ATTEMPTS"))
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(880)
})

test("a weak new password is refused with the rule it breaks, and changes nothing", async () => {
  const person = await newPerson(service, mails, { profile: { firstName: "Bartholomew" } })
  const { accessToken } = await logIn(service, person)
  for (const weak of ["short", person.email, "Bartholomew", "password123", "x1".repeat(65)]) {
    const answer = await change(person, accessToken, person.password, weak)
    expect(refusalIn(answer)).toEqual(refusal(400, "WEAK_PASSWORD", "newPassword"))
    expect(answer.text).not.toContain(weak)
  }
  await logIn(service, person)
})

test("nobody changes another's password, nor one that does not exist", async () => {
  const [jane, mary] = [await newPerson(service, mails), await newPerson(service, mails)]
  const { accessToken } = await logIn(service, jane)
  const others = await change(mary, accessToken, mary.password, newPassword())
  expect(refusalIn(others)).toEqual(refusal(404, "CUSTOMER_NOT_FOUND"))
  await logIn(service, mary)
  const nameless = await createCustomer(service)
  expect(refusalIn(await change(nameless, nameless.token, newPassword(), newPassword()))).toEqual(refused)
})

test("of eight changes at once with one current password exactly one succeeds", async () => {
  const person = await newPerson(service, mails)
  const { accessToken } = await logIn(service, person)
  const passwords = Array.from({ length: 8 }, newPassword)
  const answers = await Promise.all(passwords.map((password) => change(person, accessToken, person.password, password)))
  const stands = passwords.filter((_, index) => answers[index]?.status === 200)
  expect(stands).toHaveLength(1)
  await logIn(service, { ...person, password: stands[0] ?? "" })
})

test("logins with the old password at the very time of the change leave no session open", async () => {
  for (let round = 0; round < 5; round += 1) {
    const person = await newPerson(service, mails)
    const own = await logIn(service, person)
    const password = newPassword()
    const logins = Array.from({ length: 9 }, () => tryLogIn(service, person))
    const [changed, ...answers] = await Promise.all([
      change(person, own.accessToken, person.password, password),
      ...logins
    ])
    expect([200, 429]).toContain(changed.status)
    if (changed.status !== 200) continue
    const granted: ReadonlyArray<Grant> = answers.filter(({ status }) => status === 200).map(grantIn)
    for (const grant of granted) expect(await statusesOf(service, grant)).toEqual(loggedOut)
  }
})
