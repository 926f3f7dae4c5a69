import { Api, type BearerUse, bearerUse } from "@customer-service/api"
import { paths as pagePaths } from "../identity/pages.ts"

/** A path of the service: its template and the methods it takes. */
export interface Route {
  readonly template: string
  readonly methods: ReadonlyArray<string>
  /** What a path that is open to everybody makes of an access token; undefined where one is needed. */
  readonly bearer: BearerUse | undefined
}

interface Entry {
  readonly method: string
  readonly path: string
  readonly bearer?: BearerUse | undefined
}

const operational: ReadonlyArray<Entry> = [
  "/health/live",
  "/health/ready",
  "/metrics",
  "/openapi.json",
  "/docs",
  "/.well-known/jwks.json",
  "/.well-known/receipt-keys.json",
  ...pagePaths
].map((path) => ({ method: "GET", path }))

const endpoints = Object.values(Api.groups).flatMap((group) =>
  Object.values(group.endpoints).map((endpoint): Entry => ({
    method: endpoint.method,
    path: endpoint.path,
    bearer: bearerUse(endpoint)
  }))
)

const entriesByTemplate = Map.groupBy([...operational, ...endpoints], ({ path }) => path)

/** As the router has it: at each place of a path a word that is written out goes before a parameter. */
const shapeOf = (template: string): string =>
  template.replaceAll(/[^/]+/g, (part) => (part.startsWith(":") ? "1" : "0"))

const byShape = [...entriesByTemplate].sort(([one], [other]) => shapeOf(one).localeCompare(shapeOf(other)))

const patterns = byShape.map(([template, entries]) => {
  const methods = entries.map(({ method }) => method)
  // A path is open if each of its methods is.
  const bearer = entries.every((entry) => entry.bearer !== undefined) ? entries[0]?.bearer : undefined
  return {
    pattern: new RegExp(`^${template.replaceAll(".", "\\.").replaceAll(/:[A-Za-z]+/g, "[^/]+")}/?$`),
    route: {
      template: template.replaceAll(/:([A-Za-z]+)/g, "{$1}"),
      methods: methods.includes("GET") ? [...methods, "HEAD"] : methods,
      bearer
    }
  }
})

const withoutEscapes = (path: string): string => {
  try {
    return decodeURI(path)
  } catch {
    return path
  }
}

/**
 * A URL's path as the router reads it: `;` and `#` end it as `?` does, and escaped letters are letters. Whoever spells
 * a path another way must not get round what is asked of its route.
 */
const pathOf = (url: string): string => {
  const end = url.search(/[?;#]/)
  const path = end === -1 ? url : url.slice(0, end)
  return path.includes("%") ? withoutEscapes(path) : path
}

/** The one spelling of the paths that lead to the same resource: ids in lower case, no slash at the end. */
export const canonicalPath = (url: string): string => pathOf(url).toLowerCase().replace(/\/$/, "")

/** The route that a URL's path belongs to; undefined where the service has nothing. */
export const routeOf = (url: string): Route | undefined => {
  const path = pathOf(url)
  return patterns.find(({ pattern }) => pattern.test(path))?.route
}

/** The router takes no longer part of a path for a parameter. */
const longestParameter = 100

const isReadable = (segment: string): boolean => {
  try {
    return decodeURIComponent(segment).length > 0 && segment.length <= longestParameter
  } catch {
    return false
  }
}

/** The parameters of a route that a URL's path fills with text of any length, or with what is no text at all. */
export const unreadableParameters = (url: string, { template }: Route): ReadonlyArray<string> => {
  const segments = (url.split("?", 1)[0] ?? "").split("/")
  return template.split("/").flatMap((part, index) => {
    const name = /^\{(.+)\}$/.exec(part)?.[1]
    return name === undefined || isReadable(segments[index] ?? "") ? [] : [name]
  })
}
