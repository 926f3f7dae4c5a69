import type { PublishedEvent } from "./publish.ts"

/** A workload by name, in a form that travels between processes. */
export type WorkloadSpec =
  | { readonly name: "hot-read"; readonly customers: number }
  | { readonly name: "cold-read" }
  | { readonly name: "read-and-update" }
  | { readonly name: "update"; readonly customers: number }
  | { readonly name: "create" }
  | { readonly name: "log-in" }
  | { readonly name: "walk"; readonly beginnings: ReadonlyArray<string> }
  | { readonly name: "publish"; readonly events: ReadonlyArray<PublishedEvent> }
  | { readonly name: "deliver"; readonly firstOrder: number }
