import { freePort, loopback } from "../ports.ts"
import type { DaprdOptions } from "./options.ts"

/** How a sidecar is to be run, wherever its program comes from. */
export interface SidecarPlan {
  readonly httpPort: number
  readonly url: string
  readonly appPort: number | undefined
  readonly parameters: ReadonlyArray<string>
  /** All that its environment needs. */
  readonly environment: Readonly<Record<string, string>>
}

const defaultAppId = "customer-service"

interface SidecarPorts {
  readonly http: number
  readonly grpc: number
  readonly internal: number
}

const parametersFor = (
  { appId = defaultAppId, appPort }: DaprdOptions,
  ports: SidecarPorts,
  resources: string
): ReadonlyArray<string> => [
  "--mode=standalone",
  `--app-id=${appId}`,
  `--resources-path=${resources}`,
  ...(appPort === undefined ? [] : [`--app-port=${appPort}`, "--app-protocol=http"]),
  `--dapr-http-port=${ports.http}`,
  `--dapr-grpc-port=${ports.grpc}`,
  `--dapr-internal-grpc-port=${ports.internal}`,
  `--dapr-internal-grpc-listen-address=${loopback}`,
  `--dapr-listen-addresses=${loopback}`,
  "--enable-metrics=false"
]

// Without its own address in the environment it looks for one on the network.
const environmentFor = ({ appApiToken }: DaprdOptions): Readonly<Record<string, string>> => ({
  DAPR_HOST_IP: loopback,
  ...(appApiToken === undefined ? {} : { APP_API_TOKEN: appApiToken })
})

const choosePorts = async (appPort: number): Promise<SidecarPorts> => {
  const http = await freePort([appPort])
  const grpc = await freePort([appPort, http])
  return { http, grpc, internal: await freePort([appPort, http, grpc]) }
}

/** Plans a sidecar that listens on loopback ports nobody else has and loads what stands in `resources`. */
export const planSidecar = async (options: DaprdOptions, resources: string): Promise<SidecarPlan> => {
  const ports = await choosePorts(options.appPort ?? 0)
  return {
    httpPort: ports.http,
    url: `http://${loopback}:${ports.http}`,
    appPort: options.appPort,
    parameters: parametersFor(options, ports, resources),
    environment: environmentFor(options)
  }
}
