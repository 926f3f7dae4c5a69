import { Context, Effect, Layer } from "effect"
import { describe, expect, test } from "vitest"
import { Callers, layer } from "../src/gateway/callerOf.ts"
import { socketRequest } from "./support/socketRequest.ts"

const proxies = layer(["127.0.0.1/32", "10.0.0.0/8", "fd00::/8"])
const { callerOf } = Context.get(Effect.runSync(Effect.scoped(Layer.build(proxies))), Callers)

const addressOf = (forwarded: string, peer = "127.0.0.1"): string | undefined =>
  callerOf(socketRequest(peer, { "x-forwarded-for": forwarded })).address

describe("an address that a trusted proxy forwards", () => {
  test.for([
    ["9.9.8.0", "9.9.8.0"],
    ["9.9.8.0:443", "9.9.8.0"],
    ["::ffff:9.9.7.0", "9.9.7.0"],
    ["::ffff:909:700", "9.9.7.0"],
    ["0:0:0:0:0:FFFF:0909:0700", "9.9.7.0"],
    ["[::ffff:909:700]:443", "9.9.7.0"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["2001:DB8:0::1", "2001:db8:0:0::/64"],
    ["[2001:db8::1]", "2001:db8:0:0::/64"],
    ["[2001:db8::1]:443", "2001:db8:0:0::/64"],
    ["2001:db8::1%eth0", "2001:db8:0:0::/64"],
    ["[2001:db8::1%eth0]:443", "2001:db8:0:0::/64"]
  ] as const)("is read as what it means: %s", ([forwarded, address]) => {
    expect(addressOf(forwarded)).toBe(address)
  })

  test.for(["unknown", "_hidden", "9.9.8", "9.9.8.0:443:1", "[9.9.8.0", "999.1.1.1:80", "2001:db8::1::2", "[]:1"])(
    "counts as the proxy's where it is none: %s",
    (forwarded) => {
      expect(addressOf(forwarded)).toBe("127.0.0.1")
    }
  )
})

describe("a chain of addresses", () => {
  test("is believed from the right, as far as trusted proxies wrote it", () => {
    expect(addressOf("1.1.1.1, 9.9.8.0")).toBe("9.9.8.0")
    expect(addressOf("1.1.1.1, 9.9.8.0:5000, 10.0.0.7:443")).toBe("9.9.8.0")
    expect(addressOf("1.1.1.1, 2001:db8::1%eth0, [fd00::7]:443, ::ffff:a00:7")).toBe("2001:db8:0:0::/64")
  })

  test("leads no further left by a proxy's address that a stranger wrote", () => {
    expect(addressOf("1.1.1.1, 10.0.0.7:443, 9.9.8.0")).toBe("9.9.8.0")
    expect(addressOf("1.1.1.1, nonsense, 10.0.0.7")).toBe("10.0.0.7")
  })

  test("is not believed from whoever is no trusted proxy", () => {
    expect(addressOf("1.1.1.1", "9.9.8.0")).toBe("9.9.8.0")
    expect(addressOf("1.1.1.1", "::ffff:9.9.8.0")).toBe("9.9.8.0")
  })

  test("is believed from a trusted proxy that a dual-stack socket shows as IPv6", () => {
    expect(addressOf("1.1.1.1", "::ffff:127.0.0.1")).toBe("1.1.1.1")
  })
})
