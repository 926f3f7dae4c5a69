import { createServer, type RequestListener, type ServerResponse } from "node:http"

/** How an upstream behaves: as it should, or as those do that fail. */
export type Behaviour = "well" | "slow" | "failing" | "unknowing"

/** The order and the loyalty service, with what they were asked. */
export interface Upstreams {
  readonly url: string
  readonly asked: ReadonlyArray<string>
  readonly behave: (behaviour: Behaviour) => void
  /** Nobody listens any more. */
  readonly die: () => Promise<void>
}

export const orderFigures = {
  orderCount: 23,
  totalSpent: 5420.5,
  averageOrderValue: 235.67,
  lastOrderDate: "2024-10-25T10:00:00.000Z",
  currency: "USD"
}

export const loyaltyPoints = 2500

/** A latency that nobody waits for: the answer comes with the end of the test. */
const answerLate: RequestListener = () => {}

const answer = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))
}

const behaviours: Readonly<Record<Behaviour, RequestListener>> = {
  well: ({ url }, response) =>
    url?.startsWith("/orders/")
      ? answer(response, 200, { success: true, data: { summary: orderFigures } })
      : answer(response, 200, { success: true, data: { points: loyaltyPoints } }),
  slow: answerLate,
  failing: (_, response) => answer(response, 500, { success: false }),
  unknowing: (_, response) => answer(response, 404, { success: false, error: { code: "CUSTOMER_NOT_FOUND" } })
}

/** Starts both services behind one address. */
export const startUpstreams = async (): Promise<Upstreams> => {
  const asked: Array<string> = []
  let behaviour: Behaviour = "well"
  const server = createServer((request, response) => {
    asked.push(request.url ?? "")
    behaviours[behaviour](request, response)
  })
  const die = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    behave: (next) => {
      behaviour = next
    },
    die
  }
}

/** What can go wrong with them. */
export const troubles = {
  "5 seconds late": (upstreams: Upstreams) => upstreams.behave("slow"),
  "failing every time": (upstreams: Upstreams) => upstreams.behave("failing"),
  dead: (upstreams: Upstreams) => upstreams.die()
}
