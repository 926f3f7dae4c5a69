import { expect, onTestFinished, test } from "vitest"
import { openBusScene, untilRelayed } from "./support/busScene.ts"
import { addAddress, createCustomer, customerIn, type Known } from "./support/customers.ts"
import { freshDatabase } from "./support/database.ts"
import { erase } from "./support/erasures.ts"
import { schemaErrors } from "./support/eventSchemas.ts"
import { ofWrites, type Published, publishedOf } from "./support/publishedEvents.ts"
import { newEmail } from "./support/scene.ts"
import { type Service, startService } from "./support/service.ts"
import { serviceToken, staffToken } from "./support/tokens.ts"

const { bus, database, service } = await openBusScene()
const [client, staff] = [await serviceToken(), await staffToken("staff-of-events")]

/** All that went out about somebody, each by its schema. */
const eventsOf = async ({ id }: Pick<Known, "id">): Promise<ReadonlyArray<Published>> => {
  await untilRelayed(database)
  const events = await publishedOf(bus.redis.url, id)
  expect(events.flatMap(({ envelope }) => schemaErrors(envelope))).toEqual([])
  return events
}

const namesOf = (events: ReadonlyArray<Published>) => events.map(({ envelope, topic }) => [topic, envelope.eventType])

const moment = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

test("a new customer is told of on her topic as the specification shows, under the id of the request", async () => {
  const email = newEmail()
  const body = { email, profile: { firstName: "John", lastName: "Doe", phone: "+1-555-0123" } }
  const headers = { "x-correlation-id": "corr_registration_123" }
  const { createdAt, id } = customerIn(await service.send("POST", "/v1/customers", { token: client, body, headers }))
  const [created, ...others] = ofWrites(await eventsOf({ id }))
  expect(others).toEqual([])
  expect(created).toMatchObject({ topic: "customers.customer.created", id: created?.envelope.eventId })
  expect(created?.envelope).toEqual({
    eventId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
    eventType: "CustomerCreated",
    version: "1.0",
    timestamp: createdAt,
    source: "customer-service",
    data: {
      customerId: id,
      email,
      profile: { firstName: "John", lastName: "Doe" },
      segment: { tier: "regular", segment: "new_customer" },
      registrationDate: createdAt
    },
    metadata: { correlationId: "corr_registration_123" }
  })
  expect(createdAt).toEqual(moment)
})

/** What can be done with a customer, one after the other. */
const live = async (on: Service, jane: Known): Promise<void> => {
  const decide = (decision: string) =>
    on.send("POST", `${jane.path}/${decision}`, { token: staff, body: { reason: "chargeback 4711" } })
  await on.send("PUT", jane.path, { token: jane.token, body: { profile: { firstName: "Jane" } } })
  const address = await addAddress(on, jane)
  const path = `${jane.path}/addresses/${address.id}`
  await on.send("PUT", path, { token: jane.token, body: { street: "1 Elm St" } })
  await on.send("DELETE", path, { token: jane.token })
  await decide("suspend")
  await decide("reactivate")
  const body = { tier: "premium", reason: "the key account team agreed" }
  await on.send("PUT", `${jane.path}/segment`, { token: staff, body })
  await on.send("DELETE", jane.path, { token: jane.token })
  await decide("reactivate")
  await on.send("PUT", jane.path, { token: jane.token, body: { preferences: { language: "de" } } })
}

test("every change is told of on its topic, in order, and the erasure last of all", async () => {
  const jane = await createCustomer(service)
  await live(service, jane)
  await erase(service, jane)
  const events = await eventsOf(jane)
  expect(namesOf(ofWrites(events))).toEqual([
    ["customers.customer.created", "CustomerCreated"],
    ["customers.profile.updated", "CustomerProfileUpdated"],
    ["customers.addresses.changed", "AddressBookChanged"],
    ["customers.addresses.changed", "AddressBookChanged"],
    ["customers.addresses.changed", "AddressBookChanged"],
    ["customers.profile.updated", "CustomerProfileUpdated"],
    ["customers.customer.reactivated", "CustomerReactivated"],
    ["customers.segment.changed", "CustomerSegmentChanged"],
    ["customers.customer.deactivated", "CustomerDeactivated"],
    ["customers.customer.reactivated", "CustomerReactivated"],
    ["customers.profile.updated", "CustomerProfileUpdated"],
    ["customers.customer.erased", "CustomerErased"]
  ])
  expect([events.at(0), events.at(-1)]).toEqual([ofWrites(events).at(0), ofWrites(events).at(-1)])
  const [, ...versions] = events.map(({ envelope }) => envelope.data.version ?? 0)
  expect(versions).toEqual(versions.toSorted((one, other) => one - other))
  expect(events.map(({ id }) => id)).toEqual(events.map(({ envelope }) => envelope.eventId))
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
})

test("each event holds what a consumer keeps: the book as it stands, where she stands now and why", async () => {
  const jane = await createCustomer(service)
  const { id: addressId } = await addAddress(service, jane)
  const body = { tier: "premium", reason: "the key account team agreed" }
  await service.send("PUT", `${jane.path}/segment`, { token: staff, body })
  const [, book, tier, ...others] = ofWrites(await eventsOf(jane)).map(({ envelope }) => envelope.data)
  expect(others).toEqual([])
  expect(book).toMatchObject({ customerId: jane.id, version: 2, addresses: [{ id: addressId, isDefault: true }] })
  expect(tier).toEqual({
    customerId: jane.id,
    version: 3,
    change: "tier",
    from: "regular",
    to: "premium",
    reason: "the key account team agreed"
  })
})

test("of what waited when she was erased nothing goes out but that she was", async () => {
  const own = await freshDatabase()
  onTestFinished(own.drop)
  const variables = { ...bus.variables, DATABASE_URL: own.url }
  const silent = await startService({ ...variables, EVENT_RELAY: "false" })
  const [jane, mary] = [await createCustomer(silent), await createCustomer(silent)]
  await live(silent, jane)
  await erase(silent, jane)
  await silent.stop()
  expect(await own.rows("SELECT 1 FROM outbox_events WHERE published_at IS NOT NULL")).toEqual([])
  const speaking = await startService(variables)
  onTestFinished(speaking.stop)
  await untilRelayed(own)
  expect(namesOf(await eventsOf(jane))).toEqual([["customers.customer.erased", "CustomerErased"]])
  expect(namesOf(ofWrites(await eventsOf(mary)))).toEqual([["customers.customer.created", "CustomerCreated"]])
})
