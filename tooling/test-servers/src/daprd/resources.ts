import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"

import type { DaprdOptions } from "./options.ts"

const connection = (redisUrl: string): Readonly<Record<string, string>> => {
  const url = new URL(redisUrl)
  return {
    redisHost: `${url.hostname}:${url.port || "6379"}`,
    redisUsername: decodeURIComponent(url.username),
    redisPassword: decodeURIComponent(url.password),
    redisDB: url.pathname.slice(1),
    enableTLS: String(url.protocol === "rediss:")
  }
}

const metadata = ({ redisUrl, pubsub = {} }: DaprdOptions) =>
  Object.entries({ ...connection(redisUrl), ...pubsub })
    .map(([name, value]) => ({ name, value: String(value) }))
    .filter(({ value }) => value !== "")

/** The component `pubsub` as a YAML document (JSON is YAML). */
export const pubsubComponent = (options: DaprdOptions): string =>
  JSON.stringify({
    apiVersion: "dapr.io/v1alpha1",
    kind: "Component",
    metadata: { name: "pubsub" },
    spec: { type: "pubsub.redis", version: "v1", metadata: metadata(options) }
  })

/** Writes what the sidecar is to load into a directory below `parent`, and answers its path. */
export const writeResources = async (options: DaprdOptions, parent: string): Promise<string> => {
  const directory = join(parent, "resources")
  await mkdir(directory)
  const documents = [pubsubComponent(options), ...(options.resources ?? [])]
  await Promise.all(
    documents.map((document, index) => writeFile(join(directory, `${index}.yaml`), document, { mode: 0o600 }))
  )
  return directory
}
