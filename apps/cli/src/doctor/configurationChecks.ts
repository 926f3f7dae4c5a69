import { AppConfig } from "@customer-service/http"
import { Result } from "effect"
import { type Check, ok, problem } from "./Check.ts"

type Environment = Readonly<Record<string, string | undefined>>

const advice = "correct it in the environment; .env.example says what each variable is for"

/** What is wrong with the secret that production would not take either. */
const weakness = (environment: Environment): string | undefined => {
  const strict = AppConfig.read({ ...environment, NODE_ENV: "production" })
  if (Result.isSuccess(strict)) return undefined
  return strict.failure.find(({ path }) => path === "JWT_SECRET")?.message
}

const secretCheck = (environment: Environment): ReadonlyArray<Check> => {
  const given = environment["JWT_SECRET"]
  if (given === undefined || given === "") return []
  const weak = weakness(environment)
  return weak === undefined
    ? [ok("token secret", "JWT_SECRET is long enough")]
    : [problem("token secret", `JWT_SECRET ${weak}`, "make one, for example with `openssl rand -base64 32`")]
}

/** The environment's own problems: each variable that is wrong, and a secret that production would refuse. */
export const configurationChecks = (environment: Environment): ReadonlyArray<Check> => {
  const config = AppConfig.read(environment)
  if (Result.isFailure(config)) {
    return config.failure.map(({ message, path }) => problem("configuration", `${path} ${message}`, advice))
  }
  return [ok("configuration", "every variable is valid"), ...secretCheck(environment)]
}
