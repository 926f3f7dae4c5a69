export { ServersMissing } from "./choice.ts"
export type { Server, ServerName, ServerOptions } from "./server.ts"
export { type Servers, startPostgres, startRedis, startServers } from "./servers.ts"
