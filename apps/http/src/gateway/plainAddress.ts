import { isIPv4, isIPv6 } from "node:net"

/** All eight groups of an IPv6 address, in lower case; `URL` writes every spelling of one the same way. */
export const groupsOf = (address: string): ReadonlyArray<string> => {
  const [head = "", tail] = (URL.parse(`http://[${address}]/`)?.hostname ?? "[]").slice(1, -1).split("::")
  const left = head === "" ? [] : head.split(":")
  const right = tail === undefined || tail === "" ? [] : tail.split(":")
  const missing = tail === undefined ? 0 : 8 - left.length - right.length
  return [...left, ...Array.from({ length: missing }, () => "0"), ...right]
}

/** Proxies write `1.2.3.4:443`, `[2001:db8::1]` and `[2001:db8::1]:443`. */
const withoutPort = (text: string): string =>
  /^\[([^\]]*)\](?::\d*)?$/.exec(text)?.[1] ?? /^(\d[\d.]*):\d*$/.exec(text)?.[1] ?? text

/** The zone of an IPv6 address names a network card of the machine that wrote it. */
const withoutZone = (text: string): string => text.replace(/%.*$/, "")

const isMapped = (groups: ReadonlyArray<string>): boolean =>
  groups.slice(0, 5).every((group) => group === "0") && groups[5] === "ffff"

const ipv4Of = (groups: ReadonlyArray<string>): string =>
  groups
    .slice(6)
    .map((group) => Number.parseInt(group, 16))
    .flatMap((group) => [group >> 8, group & 255])
    .join(".")

/** An IPv4 address that a dual-stack socket shows as IPv6 is the IPv4 address. */
const unmapped = (address: string): string => {
  const groups = groupsOf(address)
  return isMapped(groups) ? ipv4Of(groups) : address
}

/** The address that a socket or a proxy means, without port, brackets and zone; what is none comes back as it is. */
export const plainAddress = (text: string): string => {
  const written = withoutPort(text.trim())
  if (isIPv4(written)) return written
  const address = withoutZone(written)
  return isIPv6(address) ? unmapped(address) : text.trim()
}
