import { Context } from "effect"

/**
 * Tells whether a password, normalised and in lower case, is one of the commonest. Knows none by default: a list of
 * them is too large for everybody who embeds the core.
 */
export const CommonPasswords = Context.Reference<(password: string) => boolean>(
  "@customer-service/core/CommonPasswords",
  { defaultValue: () => () => false }
)
