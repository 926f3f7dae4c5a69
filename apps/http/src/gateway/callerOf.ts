import type { Caller } from "@customer-service/core"
import { Context, Layer } from "effect"
import type { HttpServerRequest } from "effect/http"
import type { IncomingMessage } from "node:http"
import { BlockList, isIP, isIPv6 } from "node:net"
import { groupsOf, plainAddress } from "./plainAddress.ts"

/** Reads where a request comes from. */
export class Callers extends Context.Service<
  Callers,
  { readonly callerOf: (request: HttpServerRequest.HttpServerRequest) => Caller }
>()("@customer-service/http/Callers") {}

const longestUserAgent = 200

const blockListOf = (networks: ReadonlyArray<string>): BlockList => {
  const list = new BlockList()
  for (const network of networks) {
    const [address = "", prefix] = network.split("/")
    const family = isIPv6(address) ? "ipv6" : "ipv4"
    list.addSubnet(address, Number(prefix ?? (family === "ipv6" ? 128 : 32)), family)
  }
  return list
}

/** What attempts are counted under: an IPv6 caller has a whole /64 to call from. */
const counted = (address: string): string =>
  isIPv6(address) ? `${groupsOf(address).slice(0, 4).join(":")}::/64` : address

const make = (trustedProxies: ReadonlyArray<string>) => {
  const trusted = blockListOf(trustedProxies)

  const isTrusted = (address: string): boolean =>
    isIP(address) !== 0 && trusted.check(address, isIPv6(address) ? "ipv6" : "ipv4")

  /** The nearest address that no proxy of ours has: whatever stands left of it anybody can have written. */
  const addressOf = (peer: string, forwarded: string | undefined): string => {
    const chain = (forwarded ?? "")
      .split(",")
      .map(plainAddress)
      .filter((address) => address !== "")
    let address = peer
    while (isTrusted(address)) {
      const before = chain.pop()
      if (before === undefined || isIP(before) === 0) break
      address = before
    }
    return address
  }

  return Callers.of({
    callerOf: (request) => {
      const { socket } = request.source as IncomingMessage
      const peer = plainAddress(socket.remoteAddress ?? "")
      const userAgent = request.headers["user-agent"]?.slice(0, longestUserAgent)
      const address = addressOf(peer, request.headers["x-forwarded-for"])
      return {
        ...(address === "" ? {} : { address: counted(address) }),
        ...(userAgent === undefined || userAgent === "" ? {} : { userAgent })
      }
    }
  })
}

/** Callers are known by their socket's address, or by `X-Forwarded-For` where it was a trusted proxy (CIDRs) who called. */
export const layer = (trustedProxies: ReadonlyArray<string>): Layer.Layer<Callers> =>
  Layer.sync(Callers, () => make(trustedProxies))
