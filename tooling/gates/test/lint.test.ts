import { describe, expect, it } from "vitest"

import { makeScratchWorkspace } from "./support/scratchWorkspace.ts"

const lintInCore = async (source: string) => {
  await using workspace = await makeScratchWorkspace()
  await workspace.plant("packages/core/src/customer/Planted.ts", source)
  return await workspace.lint()
}

describe("the linter, in core", () => {
  it.each([
    ["effect", `import { Effect } from "effect"\nexport const planted = Effect.void\n`],
    ["a module of effect", `export { SecureRandom as planted } from "effect/crypto"\n`],
    ["a file of its own", `export { other as planted } from "../value/Other.ts"\n`]
  ])("lets an import of %s pass", async (_, source) => {
    expect(await lintInCore(source)).toMatchObject({ passed: true })
  })

  it.each([
    "node:fs",
    "fs",
    "ioredis",
    "@effect/sql-pg",
    "@customer-service/adapters-redis",
    "@customer-service/api",
    "vitest"
  ])("refuses an import of %s", async (module) => {
    const { passed, output } = await lintInCore(`import * as planted from "${module}"\nexport { planted }\n`)
    expect(output).toContain("core depends on effect alone")
    expect(passed).toBe(false)
  })

  it.each(["process.env", "Date.now()", "new Date()", "crypto.randomUUID()", "fetch", "console", "setTimeout"])(
    "refuses the global %s",
    async (expression) => {
      const { passed, output } = await lintInCore(`export const planted = ${expression}\n`)
      expect(output).toContain("no-restricted-globals")
      expect(passed).toBe(false)
    }
  )
})

describe("the linter, anywhere", () => {
  it("refuses an import cycle", async () => {
    await using workspace = await makeScratchWorkspace()
    const half = (other: string) => `import { ${other} } from "./${other}.ts"\nexport const planted = () => ${other}\n`
    await workspace.plant("apps/http/src/one.ts", `${half("other")}export { planted as one }\n`)
    await workspace.plant("apps/http/src/other.ts", `${half("one")}export { planted as other }\n`)
    const { passed, output } = await workspace.lint()
    expect(output).toContain("no-cycle")
    expect(passed).toBe(false)
  })
})
