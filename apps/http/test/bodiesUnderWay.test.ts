import { Context, Effect, Fiber, Layer } from "effect"
import { expect, test } from "vitest"
import { BodiesUnderWay } from "../src/gateway/bodiesUnderWay.ts"
import { socketRequest } from "./support/socketRequest.ts"

const open = () => Context.get(Effect.runSync(Effect.scoped(Layer.build(BodiesUnderWay.layer))), BodiesUnderWay)

const request = socketRequest("127.0.0.1")

const read = (bodies: BodiesUnderWay["Service"], address: string) =>
  Effect.runPromise(bodies.read(request, address, Effect.undefined))

const sendSlowly = (bodies: BodiesUnderWay["Service"], address: string, many: number) =>
  Array.from({ length: many }, () => Effect.runFork(bodies.read(request, address, Effect.never)))

test("one address sends twenty bodies at a time, and others are not kept by it", async () => {
  const bodies = open()
  const slow = sendSlowly(bodies, "9.9.8.1", 20)
  const refused = { failure: { code: "RATE_LIMITED" }, headers: { "retry-after": "1" } }
  expect(await read(bodies, "9.9.8.1")).toMatchObject(refused)
  expect(await read(bodies, "9.9.8.2")).toBeUndefined()
  await Effect.runPromise(Fiber.interruptAll(slow))
  expect(await read(bodies, "9.9.8.1")).toBeUndefined()
})

test("there are four hundred bodies under way in all, and those given up make room", async () => {
  const bodies = open()
  const slow = Array.from({ length: 20 }, (_, index) => sendSlowly(bodies, `9.9.8.${index}`, 20)).flat()
  expect(await read(bodies, "9.9.7.1")).toMatchObject({ failure: { code: "SERVICE_UNAVAILABLE" } })
  await Effect.runPromise(Fiber.interruptAll(slow.slice(0, 1)))
  expect(await read(bodies, "9.9.7.1")).toBeUndefined()
  await Effect.runPromise(Fiber.interruptAll(slow))
})

test("a reading that fails makes room again", async () => {
  const bodies = open()
  for (let round = 0; round < 21; round += 1) {
    await Effect.runPromiseExit(bodies.read(request, "9.9.8.1", Effect.die("broken")))
  }
  expect(await read(bodies, "9.9.8.1")).toBeUndefined()
})
