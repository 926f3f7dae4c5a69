import { describe, expect, test } from "vitest"

import { type DaprdSurroundings, chooseDaprd } from "../../src/daprd/choice.ts"

const barren: DaprdSurroundings = {
  given: () => undefined,
  search: async () => ({ passedOver: [] }),
  built: async () => undefined,
  dockerOffers: async () => false,
  findGo: async () => undefined,
  findPython: async () => undefined
}

const found = { program: "/usr/bin/daprd", origin: "Dapr 1.14.4 from /usr/bin" }

/** What the machine offers from the least wanted to the most, each with the choice it leads to. */
const offers: ReadonlyArray<readonly [Partial<DaprdSurroundings>, object]> = [
  [{ findPython: async () => "python3" }, { from: "wheel", python: "python3" }],
  [{ findGo: async () => "go" }, { from: "go", go: "go" }],
  [{ dockerOffers: async () => true }, { from: "docker" }],
  [
    { built: async () => "/cache/daprd" },
    { from: "program", program: "/cache/daprd", origin: "Dapr from tools/daprd" }
  ],
  [{ search: async () => ({ found, passedOver: [] }) }, { from: "program", ...found }],
  [{ given: () => "/my/daprd" }, { from: "program", program: "/my/daprd", origin: "Dapr from TEST_DAPRD" }]
]

test.each(offers.map(([, choice], index) => ({ choice, index })))(
  "takes $choice before all that is less wanted",
  async ({ choice, index }) => {
    const surroundings = Object.assign({ ...barren }, ...offers.slice(0, index + 1).map(([offer]) => offer))
    expect(await chooseDaprd(surroundings)).toEqual(choice)
  }
)

test("asks neither Docker nor Go where a program is there", async () => {
  const forbidden = () => Promise.reject(new Error("asked"))
  const choice = await chooseDaprd({
    ...barren,
    built: async () => "/cache/daprd",
    dockerOffers: forbidden,
    findGo: forbidden,
    findPython: forbidden
  })
  expect(choice.from).toBe("program")
})

describe("where there is no way to a sidecar", () => {
  test("says in one line what to do", async () => {
    await expect(chooseDaprd(barren)).rejects.toThrow(
      /^A Dapr sidecar not found: start Docker, or put Go ≥ 1\.26 or a python3 with pip on PATH, or set TEST_DAPRD .*$/u
    )
  })

  test("names what was passed over", async () => {
    const search = async () => ({ passedOver: ["Dapr 1.18.4 from /usr/bin"] })
    await expect(chooseDaprd({ ...barren, search })).rejects.toThrow("Dapr 1.18.4 from /usr/bin")
  })
})
