import { tmpdir } from "node:os"

import { makePrivateDirectory } from "../privateDirectory.ts"
import { startProcess } from "../privateProcess.ts"
import type { DaprdOptions, Sidecar } from "./options.ts"
import { planSidecar } from "./plan.ts"
import { isReady } from "./readiness.ts"
import { writeResources } from "./resources.ts"

/** A sidecar from a program on this machine. Rejects with the end of its log when it does not start. */
export const startProgramDaprd = async (
  { program, origin }: { readonly program: string; readonly origin: string },
  options: DaprdOptions
): Promise<Sidecar> => {
  const directory = await makePrivateDirectory("daprd", tmpdir())
  const plan = await planSidecar(options, await writeResources(options, directory.path))
  const server = await startProcess({
    program,
    parameters: plan.parameters,
    environment: plan.environment,
    directory,
    endSignal: "SIGKILL",
    url: plan.url,
    origin,
    isReady: () => isReady(plan)
  })
  return { ...server, httpPort: plan.httpPort }
}
