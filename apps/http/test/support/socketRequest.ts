import { HttpServerRequest } from "effect/http"

/** A request as the service sees it whose body is still on its way, from a socket of this address. */
export const socketRequest = (
  remoteAddress: string,
  headers: Readonly<Record<string, string>> = {}
): HttpServerRequest.HttpServerRequest =>
  HttpServerRequest.fromWeb(
    Object.assign(new Request("http://localhost/", { headers }), { socket: { remoteAddress }, complete: false })
  )
