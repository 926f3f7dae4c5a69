import { Effect } from "effect"
import { Mailer } from "../identity/Mailer.ts"
import type { PersonalDataHolder } from "./PersonalDataHolder.ts"

const name = "mails"
const place = "messages"

// Whoever reads an export need not be whoever reads the mail: what only the latter may prove stays out of it.
const secrets = /(?<=#token=)[\w-]+|\b\d{6}\b/g

const withoutSecrets = (text: string): string => text.replace(secrets, "(not shown)")

/** The messages to customers that the mailer keeps. Erasure removes hers; an export leaves tokens and codes out. */
export const mailPersonalData: Effect.Effect<PersonalDataHolder, never, Mailer> = Effect.map(
  Mailer,
  (mailer): PersonalDataHolder => ({
    name,
    erase: ({ id }) =>
      Effect.map(mailer.forget(id), (count) =>
        count === 0 ? [] : [{ store: name, place, fields: ["message"], count }]
      ),
    remainders: ({ id }) =>
      Effect.map(mailer.kept(id), ({ length: count }) => (count === 0 ? [] : [{ store: name, place, count }])),
    exportOf: (id) => Effect.map(mailer.kept(id), (messages) => messages.map(withoutSecrets))
  })
)
