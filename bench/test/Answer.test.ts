import { describe, expect, it } from "vitest"
import { Answer } from "../src/load/Answer.ts"

const read = (text: string): { readonly complete: boolean; readonly answer: Answer } => {
  const answer = new Answer()
  const bytes = Buffer.from(text)
  return { complete: answer.read(bytes, bytes.length), answer }
}

describe("Answer", () => {
  it("reads status, version and body", () => {
    const { complete, answer } = read('HTTP/1.1 200 OK\r\netag: "17"\r\nContent-Length: 5\r\n\r\nJosé')
    expect([complete, answer.status, answer.version(), answer.body()]).toEqual([true, 200, 17, "José"])
  })

  it("waits for the rest of a head or a body", () => {
    expect(read("HTTP/1.1 200 OK\r\nContent-Le").complete).toBe(false)
    expect(read("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345").complete).toBe(false)
  })

  it("does not take what an earlier answer left behind for its own", () => {
    const bytes = Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
    expect(new Answer().read(bytes, 20)).toBe(false)
  })

  it("takes 304 and 204 as complete without a body", () => {
    expect(read('HTTP/1.1 304 Not Modified\r\nETag: "3"\r\n\r\n').complete).toBe(true)
    expect(read("HTTP/1.1 204 No Content\r\n\r\n").complete).toBe(true)
  })

  it("joins what comes in chunks", () => {
    const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    expect(read(`${head}4\r\n{"a"\r\n`).complete).toBe(false)
    const { complete, answer } = read(`${head}4\r\n{"a"\r\n3\r\n:1}\r\n0\r\n\r\n`)
    expect([complete, answer.body()]).toEqual([true, '{"a":1}'])
  })
})
