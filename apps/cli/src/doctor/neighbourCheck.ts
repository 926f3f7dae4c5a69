import { neighbours } from "@customer-service/http"
import { Effect } from "effect"
import { ok, problem } from "./Check.ts"

const told = {
  sidecar: {
    finding: "the Dapr sidecar",
    advice: "start it, or correct DAPR_HOST and DAPR_HTTP_PORT; events wait until it is there"
  },
  orders: {
    finding: "the order service",
    advice: "start it, or correct ORDER_SERVICE_URL; summaries are older meanwhile"
  },
  loyalty: {
    finding: "the loyalty service",
    advice: "start it, or correct LOYALTY_SERVICE_URL; points are older meanwhile"
  }
}

/** A service beside this one: that it answers. */
export const neighbourCheck = (neighbour: neighbours.Neighbour) =>
  Effect.map(neighbours.answers(neighbour), (isThere) => {
    const { advice, finding } = told[neighbour.name]
    return isThere
      ? ok(neighbour.name, `${finding} answers`)
      : problem(neighbour.name, `${finding} does not answer`, advice)
  })
