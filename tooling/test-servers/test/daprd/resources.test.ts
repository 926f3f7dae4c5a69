import { expect, test } from "vitest"

import { type DaprdOptions } from "../../src/daprd/options.ts"
import { pubsubComponent } from "../../src/daprd/resources.ts"

const metadataFor = (options: DaprdOptions): Readonly<Record<string, string>> => {
  const entries: ReadonlyArray<{ readonly name: string; readonly value: string }> = JSON.parse(pubsubComponent(options))
    .spec.metadata
  return Object.fromEntries(entries.map(({ name, value }) => [name, value]))
}

test("the component connects to the Redis with its password and database", () => {
  expect(metadataFor({ redisUrl: "redis://dapr:s%40fe@127.0.0.1:7000/3" })).toEqual({
    redisHost: "127.0.0.1:7000",
    redisUsername: "dapr",
    redisPassword: "s@fe",
    redisDB: "3",
    enableTLS: "false"
  })
})

test("the component keeps times in whole milliseconds", () => {
  const pubsub = { maxLenApprox: 100_000, processingTimeout: 5000, redeliverInterval: 1000 }
  expect(metadataFor({ redisUrl: "redis://127.0.0.1", pubsub })).toMatchObject({
    redisHost: "127.0.0.1:6379",
    maxLenApprox: "100000",
    processingTimeout: "5000",
    redeliverInterval: "1000"
  })
})
