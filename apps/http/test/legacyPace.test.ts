import { expect, test } from "vitest"
import { newPassword, newPerson, tryLogIn } from "./support/accounts.ts"
import { openIdentityScene } from "./support/identityScene.ts"
import { compare } from "./support/samePace.ts"
import { newEmail } from "./support/scene.ts"

const { mails, service, startAnother } = await openIdentityScene({ LOGIN_FAILURE_MILLIS: "400" })

const samples = 6

test("the time of a failed login does not tell that an account has a hash of an older kind", async () => {
  const older = await startAnother({ PASSWORD_ALGORITHM: "bcrypt", BCRYPT_COST: "12" })
  const { email } = await newPerson(older, mails)
  const wrongly = (address: string) => tryLogIn(service, { email: address, password: newPassword() })

  const pace = await compare({ known: () => wrongly(email), unknown: () => wrongly(newEmail()) }, samples)

  // Without the setting the two are 200 milliseconds apart.
  expect(Math.min(pace.known, pace.unknown)).toBeGreaterThanOrEqual(399)
  expect(Math.abs(pace.apart)).toBeLessThan(50)
})
