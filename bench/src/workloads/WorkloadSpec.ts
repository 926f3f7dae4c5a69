/** A workload by name, in a form that travels between processes. */
export type WorkloadSpec =
  | { readonly name: "hot-read"; readonly customers: number }
  | { readonly name: "cold-read" }
  | { readonly name: "read-and-update" }
  | { readonly name: "create" }
  | { readonly name: "log-in" }
  | { readonly name: "walk"; readonly beginnings: ReadonlyArray<string> }
