import { Api } from "@customer-service/api"

/** A path of the service: its template and the methods it takes. */
export interface Route {
  readonly template: string
  readonly methods: ReadonlyArray<string>
}

const operational: ReadonlyArray<readonly [string, string]> = [
  ["GET", "/health/live"],
  ["GET", "/health/ready"],
  ["GET", "/metrics"],
  ["GET", "/openapi.json"],
  ["GET", "/docs"],
  ["GET", "/.well-known/jwks.json"]
]

const endpoints = Object.values(Api.groups).flatMap((group) =>
  Object.values(group.endpoints).map((endpoint) => [endpoint.method, endpoint.path] as const)
)

const methodsByTemplate = Map.groupBy([...operational, ...endpoints], ([, template]) => template)

const patterns = [...methodsByTemplate].map(([template, pairs]) => {
  const methods = pairs.map(([method]): string => method)
  return {
    pattern: new RegExp(`^${template.replaceAll(".", "\\.").replaceAll(/:[A-Za-z]+/g, "[^/]+")}/?$`),
    route: {
      template: template.replaceAll(/:([A-Za-z]+)/g, "{$1}"),
      methods: methods.includes("GET") ? [...methods, "HEAD"] : methods
    }
  }
})

/** The route that a URL's path belongs to; undefined where the service has nothing. */
export const routeOf = (url: string): Route | undefined => {
  const query = url.indexOf("?")
  const path = query === -1 ? url : url.slice(0, query)
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
