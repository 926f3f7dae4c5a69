import type {
  LogIn,
  LogOut,
  MailAddress,
  RefreshSession,
  RegisterCustomer,
  ResetPassword,
  SessionGranted,
  VerifyEmail
} from "../AuthApi.ts"
import type { ChangePassword, ConfirmPhone, Decision, SessionsAnswer } from "../AccountApi.ts"
import { jane, newJane } from "./customerExamples.ts"

const sessionId = "0192dcde-3100-7e2d-9b05-6c1f4a7d8e93"
const mailedToken = "kq3Zt7sWm0Yc1nXe5hVb9uRj2dLf8pGa4oTi6wQyKxE"
const refreshToken = `${sessionId}.Vb9uRj2dLf8pGa4oTi6wQyKxEkq3Zt7sWm0Yc1nXe5h`

/** What Jane signs up with. */
export const registration: typeof RegisterCustomer.Encoded = newJane

/** What Jane logs in with. */
export const login: typeof LogIn.Encoded = { email: newJane.email, password: newJane.password }

/** What she gets for it. */
export const granted: (typeof SessionGranted.Encoded)["data"] = {
  accessToken: "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIwMTkyZGNkZSJ9.c2lnbmF0dXJl",
  tokenType: "Bearer",
  expiresIn: 900,
  refreshToken,
  sessionId,
  customerId: jane.id
}

/** What she refreshes with, and may log out with. */
export const refresh: typeof RefreshSession.Encoded & typeof LogOut.Encoded = { refreshToken }

/** What the link in her mail brings. */
export const mailed: typeof VerifyEmail.Encoded = { token: mailedToken }

/** Her address alone. */
export const address: typeof MailAddress.Encoded = { email: newJane.email }

/** What she sets a new password with. */
export const newPassword: typeof ResetPassword.Encoded = { token: mailedToken, newPassword: "correct horse battery" }

/** What she changes her password with. */
export const otherPassword: typeof ChangePassword.Encoded = {
  currentPassword: newJane.password,
  newPassword: "correct horse battery"
}

/** The address that John wants to have. */
export const otherAddress: typeof MailAddress.Encoded = { email: "john@example.org" }

/** What John read on his phone. */
export const phoneCode: typeof ConfirmPhone.Encoded = { code: "493027" }

/** Why John is kept out. */
export const suspicion: typeof Decision.Encoded = { reason: "three chargebacks in a week" }

/** Why he is let in again. */
export const relief: typeof Decision.Encoded = { reason: "the chargebacks were withdrawn" }

const browser: (typeof SessionsAnswer.Encoded)["data"]["sessions"][number] = {
  id: sessionId,
  openedAt: "2024-10-30T10:00:00.000Z",
  refreshedAt: "2024-10-30T11:45:00.000Z",
  userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
  current: true
}

const phone: typeof browser = {
  id: "0192d7b7-c980-7a64-8f1e-2b5d9c3e7a10",
  openedAt: "2024-10-29T10:00:00.000Z",
  refreshedAt: "2024-10-29T14:30:00.000Z",
  userAgent: "Shop/4.2 (iOS 18)",
  current: false
}

/** Where a customer is logged in. */
export const openSessions = [browser, phone]

/** Where she is still logged in after she ended one. */
export const sessionsLeft = [browser]
