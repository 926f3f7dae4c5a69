import { createHash } from "node:crypto"
import type { Dump } from "./dumps.ts"

const base64Of = (bytes: Buffer): ReadonlyArray<string> =>
  // Inside a longer text the value starts at any of three places; what touches its ends depends on its neighbours.
  [0, 1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .slice(before === 0 ? 0 : 4, Math.floor(((bytes.length + before) * 8) / 6) - 1)
  )

const digestsOf = (value: string): ReadonlyArray<string> =>
  ["md5", "sha1", "sha256"].flatMap((algorithm) => {
    const digest = createHash(algorithm).update(value).digest()
    return [digest.toString("hex"), digest.toString("base64url"), digest.toString("base64")]
  })

/** How a value may look where it is kept: as it is, in other capitals, encoded, or as a digest that anybody can make. */
const disguisesOf = (value: string): ReadonlyArray<string> => [
  value.toLowerCase(),
  encodeURIComponent(value).toLowerCase(),
  Buffer.from(value).toString("hex"),
  ...[...base64Of(Buffer.from(value)), ...digestsOf(value)].map((text) => text.toLowerCase())
]

/** Where in a dump something of these values stands, in whatever disguise. */
export const tracesOf = (values: ReadonlyArray<string>, dump: Dump): ReadonlyArray<string> => {
  const disguises = [...new Set(values.flatMap(disguisesOf))].filter((text) => text.length >= 8)
  return dump.flatMap(({ place, text }) => {
    const searched = text.toLowerCase()
    const found = disguises.filter((disguise) => searched.includes(disguise))
    return found.map((disguise) => `${place}: ${disguise}`)
  })
}
