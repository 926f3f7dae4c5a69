import { Context } from "effect"

/** The id that ties a request, its log lines and its events together; taken from the caller or made. */
export const CorrelationId = Context.Reference<string | undefined>("@customer-service/core/CorrelationId", {
  defaultValue: () => undefined
})
