import { connect } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"

import { freePort, loopback } from "./ports.ts"
import { makePrivateDirectory } from "./privateDirectory.ts"
import { startProcess } from "./privateProcess.ts"
import type { Programs } from "./programs.ts"
import type { RedisOptions, Server } from "./server.ts"

const answersPing = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, loopback, () => socket.write("PING\r\n"))
    const answer = (ready: boolean) => {
      resolve(ready)
      socket.destroy()
    }
    socket.setTimeout(1000, () => answer(false))
    socket.once("error", () => answer(false))
    socket.once("data", (reply) => answer(reply.toString().startsWith("+PONG")))
    socket.once("close", () => answer(false))
  })

// Redis writes its data when it is told to stop only if it has a save point: this one never comes due by itself.
const saveOnStop = ["--save", "86400 1000000000"]

/** What we change of Redis's own settings about the append-only file. */
export const appendParameters = ({ appendFsync }: RedisOptions): ReadonlyArray<string> =>
  appendFsync === undefined ? ["--appendonly", "no"] : ["--appendonly", "yes", "--appendfsync", appendFsync]

/** A Redis of our own from the programs on this machine. Rejects with the end of its log when it does not start. */
export const startPrivateRedis = async (programs: Programs, options: RedisOptions): Promise<Server> => {
  const directory = await makePrivateDirectory("redis", tmpdir())
  const port = await freePort()
  const place = ["--port", String(port), "--bind", loopback, "--dir", directory.path]
  return startProcess({
    program: join(programs.directory, "redis-server"),
    parameters: [...place, ...saveOnStop, ...appendParameters(options)],
    directory,
    endSignal: "SIGKILL",
    url: `redis://${loopback}:${port}`,
    origin: programs.origin,
    isReady: () => answersPing(port)
  })
}
