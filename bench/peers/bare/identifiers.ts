import { randomFillSync } from "node:crypto"

const pool = Buffer.alloc(10 * 512)
let used = pool.length

/** A UUID of version 7. */
export const uuidV7 = (now: number): string => {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const random = pool.toString("hex", used, used + 10)
  used += 10
  const time = now.toString(16).padStart(12, "0")
  const variant = "89ab".charAt(Number.parseInt(random.charAt(3), 16) & 3)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(4, 7)}-${random.slice(7, 19)}`
}
