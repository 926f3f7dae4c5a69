import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { variableNames } from "../src/AppConfig.ts"

const text = readFileSync(new URL("../../../.env.example", import.meta.url), "utf8")

const listed = text.split("\n").flatMap((line) => /^([A-Z_]+)=/.exec(line)?.slice(1) ?? [])

describe(".env.example", () => {
  it("lists every variable that is read, and no other as if it were", () => {
    expect([...listed].sort()).toEqual([...variableNames].sort())
  })

  it("calls no variable unread that is read", () => {
    const [, unread = ""] = text.split("# Not read yet")
    const named = new Set(Array.from(unread.matchAll(/([A-Z_]+)=/g), ([, name]) => name))
    expect(variableNames.filter((name) => named.has(name))).toEqual([])
  })
})
