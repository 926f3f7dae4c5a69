import { randomUUID } from "node:crypto"
import { expect, onTestFinished, test } from "vitest"
import { customerIn } from "./support/customers.ts"
import { freshDatabase } from "./support/database.ts"
import { freshRedis } from "./support/redisDatabase.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { startProcess } from "./support/serviceProcess.ts"
import { customerToken, jwtSecret, serviceToken, staffToken } from "./support/tokens.ts"

const redisUrl = await freshRedis()

/** Values that belong to one person or open a door; none of them may be in a log. */
const secrets = () => {
  const mark = randomUUID().slice(0, 8)
  return {
    email: `canary.${mark}@example.com`,
    firstName: `First${mark}`,
    lastName: `Last${mark}`,
    phone: `+1-555-${String(Number.parseInt(mark, 16)).padStart(10, "0").slice(0, 10)}`,
    street: `Street ${mark}`,
    note: `note ${mark}`,
    password: `Password-${mark}`,
    idempotencyKey: `key-${mark}`
  }
}

const run = async (environment: string) => {
  const database = await freshDatabase()
  onTestFinished(database.drop)
  const service = await startProcess({
    NODE_ENV: environment,
    LOG_LEVEL: "debug",
    DATABASE_URL: database.url,
    REDIS_URL: redisUrl
  })
  onTestFinished(service.stop)
  return { database, service }
}

test.for(["production", "development"])(
  "no line of the %s log holds anything personal or secret",
  async (environment) => {
    const { database, service } = await run(environment)
    const { email, firstName, idempotencyKey, lastName, note, password, phone, street } = secrets()
    const [token, staff] = [await serviceToken(), await staffToken()]
    const body = { email, password, profile: { firstName, lastName, phone, data: { note } } }
    const headers = { "idempotency-key": idempotencyKey, "x-correlation-id": "corr-of-the-failure" }
    const address = { street, city: "New York", country: "US", firstName, phone }

    // An insert that the database itself refuses: its message repeats the whole row.
    await database.rows(`ALTER TABLE customers ADD CONSTRAINT nobody CHECK (first_name <> '${firstName}')`)
    const failed = await service.send("POST", "/v1/customers", { token, body, headers })
    expect(refusalIn(failed)).toEqual(refusal(500, "INTERNAL_ERROR"))
    expect(failed.text).not.toMatch(/SqlError|constraint|stack|nobody/i)
    await database.rows("ALTER TABLE customers DROP CONSTRAINT nobody")

    const created = await service.send("POST", "/v1/customers", { token, body, headers })
    const { id } = customerIn(created)
    const path = `/v1/customers/${id}`
    const own = await customerToken(id)
    await service.send("POST", "/v1/customers", { token, body, headers })
    await service.send("POST", "/v1/customers", { token, body })
    await service.send("POST", "/v1/customers", { token, body: { ...body, [`${note}`]: 1, email: `${email} x` } })
    await service.send("POST", "/v1/customers", { token, body: `{"email":"${email}",` })
    await service.send("POST", `${path}/addresses`, { token: own, body: address })
    await service.send("PUT", path, { token: own, body: { profile: { lastName, data: { note } } } })
    await service.send("GET", `/v1/customers?q=${firstName}&email=${email}&status=x`, { token: staff })
    await service.send("GET", `/v1/customers?q=${firstName}&email=${email}`, { token: staff })
    await service.send("GET", `/${email}?token=${own}`)
    await service.send("GET", path, { token: `${own}x` })
    await service.send("GET", path, { token: own, headers: { "x-correlation-id": email } })
    await database.rows("ALTER TABLE customer_addresses RENAME COLUMN city TO town")
    const broken = await service.send("POST", `${path}/addresses`, { token: own, body: address })
    expect(broken.status).toBeGreaterThanOrEqual(500)
    await service.stop()

    const output = service.output()
    expect(output).toContain("corr-of-the-failure")
    const signatures = [token, staff, own].map((text) => text.split(".")[2])
    const databasePassword = new URL(database.url).password
    const kept = [
      email,
      firstName,
      lastName,
      phone,
      street,
      note,
      password,
      idempotencyKey,
      jwtSecret,
      databasePassword,
      ...signatures
    ]
    expect(kept.filter((value) => value !== "" && value !== undefined && output.includes(value))).toEqual([])
    if (environment === "production") {
      for (const line of service.standardOutput().trimEnd().split("\n")) expect(() => JSON.parse(line)).not.toThrow()
    }
  }
)
