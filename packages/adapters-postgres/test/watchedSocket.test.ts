import { afterEach, assert, describe, it } from "@effect/vitest"
import { once } from "node:events"
import { type AddressInfo, createServer, type Socket } from "node:net"
import { serverAddress, watchedSocket } from "../src/watchedSocket.ts"

const opened: Array<{ readonly destroy: () => void }> = []

afterEach(() => {
  for (const socket of opened.splice(0)) socket.destroy()
})

/** A socket watched with a patience of 100 ms, connected to a server that answers as told. */
const watched = async (answer: (client: Socket) => void): Promise<Socket> => {
  const server = createServer((client) => {
    opened.push(client)
    answer(client)
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  const socket = watchedSocket({ host: "127.0.0.1", port: (server.address() as AddressInfo).port }, 100)
  opened.push(socket, { destroy: () => server.close() })
  await once(socket, "connect")
  return socket
}

const silent = (client: Socket): void => void client.resume()

const echo = (client: Socket): void => void client.on("data", (data) => client.write(data))

describe("a watched socket", () => {
  it("fails where what was sent stays without an answer", async () => {
    const socket = await watched(silent)
    socket.write("anybody there?")
    const [error] = await once(socket, "error")
    assert.strictEqual(error.message, "The database server does not answer")
  })

  it("fails where the answers stop, however much is sent", async () => {
    const socket = await watched((client) => client.once("data", () => client.resume().write("yes")))
    socket.resume()
    const asking = setInterval(() => socket.write("anybody there?"), 5)
    await once(socket, "error")
    clearInterval(asking)
  })

  it("stays open while nothing is asked, and while answers come", async () => {
    const [resting, talking] = [await watched(silent), await watched(echo)]
    talking.on("data", () => talking.write("and then?"))
    talking.write("anybody there?")
    for (const _ of [1, 2, 3]) {
      const forsaken = await watched(silent)
      forsaken.write("anybody there?")
      await once(forsaken, "error")
    }
    assert.isFalse(resting.destroyed)
    assert.isFalse(talking.destroyed)
  })
})

describe("the address of a server", () => {
  const cases: ReadonlyArray<readonly [string, object]> = [
    ["postgres://ada:secret@db.example.com:6543/shop", { host: "db.example.com", port: 6543 }],
    ["postgresql://db.example.com/shop", { host: "db.example.com", port: 5432 }],
    ["postgres:///shop", { host: "localhost", port: 5432 }],
    ["postgres://[::1]:5433/shop", { host: "::1", port: 5433 }],
    ["postgres:///shop?host=db&port=7000", { host: "db", port: 7000 }],
    ["postgres://ada@%2Fvar%2Frun/shop", { path: "/var/run/.s.PGSQL.5432" }],
    ["postgres:///shop?host=/var/run/postgresql", { path: "/var/run/postgresql/.s.PGSQL.5432" }]
  ]

  it.each(cases)("of %s", (url, address) => {
    assert.deepStrictEqual(serverAddress(url), address)
  })
})
