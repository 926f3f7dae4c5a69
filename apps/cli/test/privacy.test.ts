import { readFile, stat } from "node:fs/promises"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { jwtSecret, run, temporaryDirectory } from "./support/commandLine.ts"
import { freshDatabase, type TestDatabase } from "./support/database.ts"

let shop: TestDatabase
let directory: Awaited<ReturnType<typeof temporaryDirectory>>
let variables: Readonly<Record<string, string>>
beforeAll(async () => {
  ;[shop, directory] = await Promise.all([freshDatabase(), temporaryDirectory()])
  variables = {
    DATABASE_URL: shop.url,
    REDIS_URL: inject("redisUrl"),
    JWT_SECRET: jwtSecret,
    DATA_DIR: directory.path
  }
  await run(["demo", "fill", "20"], variables)
})
afterAll(() => Promise.all([shop.drop(), directory.remove()]))

const privacy = (...parameters: ReadonlyArray<string>) => run(["privacy", ...parameters], variables)

/** A customer with an address whom no other test has. */
let taken = 0
const somebody = async () => {
  const rows = await shop.rows(`SELECT DISTINCT ON (c.id) c.id::text, c.email, a.address_line_1 AS street
    FROM customers c JOIN customer_addresses a ON a.customer_id = c.id WHERE c.status = 'active'
    ORDER BY c.id OFFSET ${taken++} LIMIT 1`)
  return rows[0] as { readonly id: string; readonly email: string; readonly street: string }
}

const emailOf = async (id: string) => (await shop.rows(`SELECT email FROM customers WHERE id = '${id}'`))[0]?.["email"]

describe("privacy export", () => {
  it("prints everything that is held on a customer", async () => {
    const { email, id, street } = await somebody()
    const { code, stderr, stdout } = await privacy("export", id)
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(JSON.parse(stdout)).toMatchObject({ customerId: id, generatedAt: expect.any(String) })
    expect(stdout).toContain(email)
    expect(stdout).toContain(street)
    const onOneLine = await privacy("export", id, "--json")
    expect(onOneLine.stdout.trim()).not.toContain("\n")
    expect(JSON.parse(onOneLine.stdout).holders).toEqual(JSON.parse(stdout).holders)
  })

  it("writes to a new file for this user's eyes alone", async () => {
    const { email, id } = await somebody()
    const file = join(directory.path, "export.json")
    const { code, stderr, stdout } = await privacy("export", id, "--out", file, "--json")
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(JSON.parse(stdout)).toMatchObject({ customerId: id, file, entries: { customers: 1 } })
    expect(stdout).not.toContain(email)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ customerId: id })

    const again = await privacy("export", id, "--out", file)
    expect(again).toEqual({ code: 1, stdout: "", stderr: `${file} cannot be written: it exists already\n` })
  })

  it("knows neither a stranger nor an id that is none", async () => {
    const stranger = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"
    expect(await privacy("export", stranger)).toEqual({
      code: 1,
      stdout: "",
      stderr: `There is no customer ${stranger}\n`
    })
    expect(await privacy("export", "jane@example.com")).toEqual({
      code: 2,
      stdout: "",
      stderr: "customerId must be a UUID or a number from 1 to 4294967295\n"
    })
  })
})

describe("privacy erase", () => {
  it("says in a dry run what is there, and changes nothing", async () => {
    const { email, id } = await somebody()
    const { code, stderr, stdout } = await privacy("erase", id, "--reason", "asked", "--dry-run", "--json")
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(JSON.parse(stdout)).toMatchObject({ dryRun: true, customerId: id, when: "now", entries: { customers: 1 } })
    expect(await emailOf(id)).toBe(email)
    expect(await shop.rows(`SELECT 1 FROM erasure_requests WHERE customer_id = '${id}'`)).toEqual([])
  })

  it("erases at once, with a receipt that is genuine, and a second time does nothing", async () => {
    const { email, id, street } = await somebody()
    const first = await privacy("erase", id, "--reason", "asked by letter", "--json")
    expect({ code: first.code, stderr: first.stderr }).toEqual({ code: 0, stderr: "" })
    const { erasure } = JSON.parse(first.stdout)
    expect(erasure).toMatchObject({ customerId: id, state: "done", requestedBy: "cli" })
    expect(erasure.receipt.statement).toMatchObject({ customerId: id, verified: { found: 0 } })
    expect(first.stdout).not.toContain(email)
    expect(await emailOf(id)).not.toBe(email)
    expect(await shop.rows(`SELECT 1 FROM customer_addresses WHERE address_line_1 = '${street}'`)).toEqual([])

    const verified = await run(["privacy", "verify-receipt", "-"], variables, first.stdout)
    expect(verified).toMatchObject({ code: 0, stderr: "", stdout: expect.stringMatching(/^Genuine: /) })
    const second = await privacy("erase", id, "--reason", "asked by letter", "--json")
    expect({ code: second.code, erasure: JSON.parse(second.stdout).erasure }).toEqual({ code: 0, erasure })
    const foreseen = await privacy("erase", id, "--reason", "asked by letter", "--dry-run")
    expect(foreseen).toMatchObject({ code: 0, stdout: expect.stringContaining(`Customer ${id} was erased at `) })
    expect(await privacy("export", id)).toMatchObject({ code: 1, stdout: "" })
  })

  it("plans, and `run-due` erases whoever is due and nobody else", async () => {
    const [due, later] = [await somebody(), await somebody()]
    for (const { id } of [due, later]) {
      const planned = await privacy("erase", id, "--reason", "closed", "--planned")
      expect(planned).toMatchObject({ code: 0, stderr: "" })
      expect(planned.stdout).toMatch(/^Customer \S+ will be erased after 20\d\d-\S+, unless that is cancelled\n$/)
    }
    expect(await privacy("run-due", "--dry-run")).toMatchObject({ code: 0, stdout: "Would erase 0 customer(s)\n" })
    await shop.rows(`UPDATE erasure_requests SET due_at = now() WHERE customer_id = '${due.id}'`)
    expect(JSON.parse((await privacy("run-due", "--dry-run", "--json")).stdout)).toEqual({ dryRun: true, due: 1 })
    expect(await emailOf(due.id)).toBe(due.email)

    const { code, stderr, stdout } = await privacy("run-due", "--json")
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(JSON.parse(stdout)).toEqual({ dryRun: false, erased: 1, failed: 0 })
    expect(await emailOf(due.id)).not.toBe(due.email)
    expect(await emailOf(later.id)).toBe(later.email)
  })
  it("says where something is left, and goes on with it later", async () => {
    const { email, id } = await somebody()
    // What was removed comes back, as it would by a program that writes behind the service's back.
    await shop.rows(`CREATE FUNCTION restore() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN
      NEW.registration_source := ''letter''; RETURN NEW; END'`)
    await shop.rows("CREATE TRIGGER restored BEFORE UPDATE ON customers FOR EACH ROW EXECUTE FUNCTION restore()")
    const first = await privacy("erase", id, "--reason", "asked", "--json")
    await shop.rows("DROP TRIGGER restored ON customers")
    expect({ code: first.code, state: JSON.parse(first.stdout).erasure.state }).toEqual({ code: 3, state: "running" })
    expect(first.stderr).toContain("left something behind")
    expect(first.stdout + first.stderr).not.toContain(email)

    await shop.rows(`UPDATE customers SET registration_source = NULL WHERE id = '${id}'`)
    await shop.rows(`UPDATE erasure_requests SET lease_until = now() WHERE customer_id = '${id}'`)
    expect(await privacy("run-due")).toEqual({ code: 0, stderr: "", stdout: "Erased 1 customer(s)\n" })
  })

  it("waits for a Redis that does not answer", async () => {
    const { id } = await somebody()
    const withoutRedis = { ...variables, REDIS_URL: "redis://127.0.0.1:1" }
    const erased = await run(["privacy", "erase", id, "--reason", "asked"], withoutRedis)
    expect({ code: erased.code, stdout: erased.stdout }).toEqual({ code: 1, stdout: "" })
    expect(erased.stderr).toContain("does not answer; the erasure goes on with `customer-service privacy run-due`")

    await shop.rows(`UPDATE erasure_requests SET lease_until = now() WHERE customer_id = '${id}'`)
    const tried = await run(["privacy", "run-due", "--json"], withoutRedis)
    expect(tried.code).toBe(3)
    expect(JSON.parse(tried.stdout)).toEqual({ dryRun: false, erased: 0, failed: 1 })
    await shop.rows(`UPDATE erasure_requests SET lease_until = now() WHERE customer_id = '${id}'`)
    expect(await privacy("run-due", "--json")).toMatchObject({ code: 0 })
  })

  it("does not claim to have reached the memory of a service that has no Redis", async () => {
    const { id } = await somebody()
    const { REDIS_URL: _, ...alone } = variables
    const { code, stderr, stdout } = await run(["privacy", "erase", id, "--reason", "asked", "--json"], alone)
    expect(code).toBe(0)
    expect(stderr).toMatch(/^Without REDIS_URL this command does not reach the memory of a running service: .+\n$/)
    const { held } = JSON.parse(stdout).erasure.receipt.statement
    expect(held).toContainEqual({ store: "memory of running services", retention: expect.any(String) })
  })
})
