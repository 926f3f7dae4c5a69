import type { Answer } from "../load/Answer.ts"
import type { Workload } from "../load/Workload.ts"
import { emails, password } from "../loginAccounts.ts"
import { bodyRequest } from "./requests.ts"

const headers = "Host: 127.0.0.1\r\n"

const check = (answer: Answer): string | undefined => {
  const { data } = JSON.parse(answer.body())
  return typeof data.accessToken === "string" && typeof data.refreshToken === "string" ? undefined : "no tokens"
}

/** Logs in with one account after the other. */
export const logIn = (): Workload => {
  let turn = 0
  return {
    next: () => {
      const email = emails[turn % emails.length]
      turn += 1
      return {
        request: bodyRequest("POST", "/v1/customers/auth/login", headers, JSON.stringify({ email, password })),
        check
      }
    }
  }
}
