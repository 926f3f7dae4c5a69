import { PgCustomerBulk, PgliteClient } from "@customer-service/adapters-postgres"
import { TokenSettingsInvalid } from "@customer-service/adapters-security"
import {
  CustomerNotFound,
  EmailTaken,
  ErasureUnderWay,
  HolderUnavailable,
  InputIssue,
  InvalidInput,
  PreviewTooSlow,
  SegmentNotFound,
  StorageUnavailable
} from "@customer-service/core"
import { Schema } from "effect"
import { CliError } from "effect/cli"
import { Migrator, SqlError } from "effect/sql"

/** What the command line's exit codes mean; the root command's help says the same. */
export const exitCodes = { done: 0, failed: 1, misused: 2, differences: 3 } as const

/** The command could not do its work; the message is the line for people. */
export class CommandFailed extends Schema.TaggedError<CommandFailed>()("CommandFailed", { message: Schema.String }) {}

/** The command was used in a way that makes no sense; the message is the line for people. */
export class CommandMisused extends Schema.TaggedError<CommandMisused>()("CommandMisused", {
  message: Schema.String
}) {}

/** The command has done its work and told what it found: not everything is as it should be. */
export class DifferencesFound extends Schema.TaggedError<DifferencesFound>()("DifferencesFound", {}) {}

/** The environment does not make a valid configuration. */
export class Misconfigured extends Schema.TaggedError<Misconfigured>()("Misconfigured", {
  issues: Schema.Array(InputIssue)
}) {}

/** How a command ends that did not succeed: the exit code, and what stderr still has to say. */
export interface Ending {
  readonly code: number
  readonly line: string | undefined
}

const failed = (line: string): Ending => ({ code: exitCodes.failed, line })
const misused = (line: string | undefined): Ending => ({ code: exitCodes.misused, line })

const wordsOf = (cause: unknown): string => (cause instanceof Error ? `: ${cause.message}` : "")

/** What a failed statement means to somebody who has to do something about it, without anything of its data. */
export const databaseTrouble = ({ reason }: SqlError.SqlError): string => {
  switch (reason._tag) {
    case "ConnectionError":
      return `The database does not answer${wordsOf(reason.cause)}`
    case "AuthenticationError":
      return "The database refuses the user or the password of DATABASE_URL"
    case "AuthorizationError":
      return `The database does not let this user do that${wordsOf(reason.cause)}`
    default:
      return `The database failed${wordsOf(reason.cause)}`
  }
}

const migrationTrouble = ({ cause, message }: Migrator.MigrationError): string =>
  cause instanceof SqlError.SqlError ? `${message}. ${databaseTrouble(cause)}` : `${message}${wordsOf(cause)}`

const askDoctor = " (`customer-service doctor` says what to do)"

const unfinished = "; the erasure goes on with `customer-service privacy run-due` once it does"

/** How a command ends that the domain refused; undefined where the error is none of the domain's. */
const refusalOf = (error: unknown): Ending | undefined => {
  if (error instanceof InvalidInput)
    return misused(error.issues.map((issue) => `${issue.path} ${issue.message}`).join("\n"))
  if (error instanceof CustomerNotFound) return failed(`There is no customer ${error.customerId}`)
  if (error instanceof SegmentNotFound) return failed(`There is no segment ${error.segment}`)
  if (error instanceof PreviewTooSlow)
    return failed(`It takes more than ${error.seconds} s to count whom the rule fits`)
  if (error instanceof ErasureUnderWay) return failed(`The erasure of customer ${error.customerId} is running or done`)
  if (error instanceof HolderUnavailable) return failed(`The ${error.holder} does not answer${unfinished}`)
  if (error instanceof EmailTaken) return failed("One of these mail addresses is another customer's already")
  if (error instanceof StorageUnavailable) return failed(`The database stopped answering${askDoctor}`)
  return undefined
}

/** How the command ends that failed with `error`. Expected errors are told in their own words. */
export const endingOf = (error: unknown): Ending => {
  if (error instanceof DifferencesFound) return { code: exitCodes.differences, line: undefined }
  // What is wrong with the command line has been presented already.
  if (CliError.isCliError(error)) return misused(undefined)
  if (error instanceof CommandMisused) return misused(error.message)
  if (error instanceof Misconfigured) {
    const issues = error.issues.map(({ message, path }) => `  ${path} ${message}`)
    return misused(["The configuration is not valid:", ...issues].join("\n"))
  }
  if (error instanceof TokenSettingsInvalid) return misused(`The configuration is not valid: ${error.problem}`)
  if (error instanceof CommandFailed) return failed(error.message)
  if (error instanceof SqlError.SqlError) return failed(databaseTrouble(error) + askDoctor)
  if (error instanceof Migrator.MigrationError) return failed(migrationTrouble(error))
  if (error instanceof PgliteClient.EmbeddedDatabaseInUse) return failed(error.message)
  if (error instanceof PgliteClient.EmbeddedDatabaseFailed) return failed(error.message + wordsOf(error.cause))
  if (error instanceof PgCustomerBulk.CustomersExist) return failed("Some of these customers exist already")
  const refusal = refusalOf(error)
  if (refusal !== undefined) return refusal
  return failed(error instanceof Error ? `Unexpected failure: ${error.name}${wordsOf(error)}` : "Unexpected failure")
}
