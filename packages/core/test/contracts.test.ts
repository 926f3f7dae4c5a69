import { readdirSync, readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"

const source = new URL("../src/", import.meta.url)
const testing = new URL("testing/", source)

const read = (file: string, folder: URL): string => readFileSync(new URL(file, folder), "utf8")

/** Modules that state what an adapter must do, by their path under src. */
const ports = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.startsWith("testing"))
  .filter((file) => read(file, source).includes(" * MUSTs"))

const mustsOf = (port: string): ReadonlyArray<string> => {
  const [, ...lists] = read(port, source).split(" * MUSTs")
  const lines = lists.flatMap((list) => (list.split("*/")[0] ?? "").split("\n"))
  return lines.flatMap((line) => /^ \* - (?<must>.+)$/.exec(line)?.groups?.must ?? [])
}

const contractOf = (port: string): string => {
  const name = port.replace(/^.*\//, "").replace(/\.ts$/, "")
  const prefix = `${name.charAt(0).toLowerCase()}${name.slice(1)}Contract`
  return readdirSync(testing)
    .filter((file) => file.startsWith(prefix))
    .map((file) => read(file, testing))
    .join("\n")
    .replaceAll(/it\.effect\(\s+"/g, 'it.effect("')
}

describe("every MUST of a port has a contract test of the same wording", () => {
  it("finds the ports", () => {
    assert.includeMembers(ports, [
      "customer/CustomerRepository.ts",
      "identity/SessionStore.ts",
      "privacy/PersonalDataStore.ts"
    ])
  })

  it.each(ports)("%s", (port) => {
    const musts = mustsOf(port)
    assert.isNotEmpty(musts)
    const contract = contractOf(port)
    const missing = musts.filter((must) => !contract.includes(`it.effect("${must}",`))
    assert.deepStrictEqual(missing, [])
  })
})
