import { expect, it } from "vitest"

import { makeScratchWorkspace } from "./support/scratchWorkspace.ts"

const typeCheck = async (source: string) => {
  await using workspace = await makeScratchWorkspace()
  await workspace.plant("packages/core/src/Planted.ts", `import { Context, Effect, Layer } from "effect"\n${source}`)
  return await workspace.typeCheck()
}

const service = `
  class Planted extends Context.Service<Planted, string>()("Planted") {}
  export const layer = Layer.succeed(Planted, "")
`

it("lets a sound program pass", async () => {
  expect(await typeCheck(`${service} export const planted = Effect.asVoid(Planted)`)).toEqual({
    passed: true,
    output: ""
  })
})

it.each([
  ["floatingEffect", `${service} Effect.asVoid(Planted)`],
  ["globalErrorInEffectFailure", `${service} export const planted = Effect.fail(new Error("planted"))`],
  ["strictEffectProvide", `${service} export const planted = Effect.provide(Effect.asVoid(Planted), layer)`],
  ["effectMapVoid", `${service} export const planted = Effect.map(Planted, () => undefined)`]
])("the type check fails on what Effect calls %s", async (diagnostic, source) => {
  const { passed, output } = await typeCheck(source)
  expect(output).toContain(`effect(${diagnostic})`)
  expect(passed).toBe(false)
})
