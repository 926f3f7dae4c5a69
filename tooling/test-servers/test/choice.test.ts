import { describe, expect, test } from "vitest"

import { type Surroundings, ServersMissing, choose, choosePrivate } from "../src/choice.ts"
import type { ProgramSearch } from "../src/programs.ts"

const programs = { directory: "/opt/redis", version: "7.2.4", origin: "Redis 7.2.4 from /opt/redis" }
const nothing: ProgramSearch = { passedOver: [] }

const barren: Surroundings = {
  address: () => undefined,
  search: async () => nothing,
  dockerAnswers: async () => false,
  install: async () => false
}

const generous: Surroundings = {
  address: (server) => `${server}://elsewhere`,
  search: async () => ({ found: programs, passedOver: [] }),
  dockerAnswers: async () => true,
  install: async () => true
}

const asked = (offers: Partial<Surroundings>) => {
  const questions: Array<string> = []
  const surroundings: Surroundings = { ...barren, ...offers }
  const recording: Surroundings = {
    address: (server) => {
      questions.push("address")
      return surroundings.address(server)
    },
    search: (server) => {
      questions.push("search")
      return surroundings.search(server)
    },
    dockerAnswers: () => {
      questions.push("docker")
      return surroundings.dockerAnswers()
    },
    install: (server) => {
      questions.push("install")
      return surroundings.install(server)
    }
  }
  return { recording, questions }
}

describe("choose", () => {
  test("takes the address that was given, and looks no further", async () => {
    const { recording, questions } = asked(generous)
    const choice = await choose("postgres", recording)
    expect(choice).toEqual({
      from: "address",
      url: "postgres://elsewhere",
      origin: "PostgreSQL from TEST_DATABASE_URL"
    })
    expect(questions).toEqual(["address"])
  })

  test("decides for each server by itself", async () => {
    const surroundings = {
      ...generous,
      address: (server: string) => (server === "redis" ? "redis://given" : undefined)
    }
    expect(await choose("redis", surroundings)).toMatchObject({ from: "address", url: "redis://given" })
    expect(await choose("postgres", surroundings)).toMatchObject({ from: "programs" })
  })

  test("takes an empty address for none", async () => {
    expect(await choose("redis", { ...generous, address: () => "" })).toEqual({ from: "programs", programs })
  })

  test("prefers the machine's programs to Docker", async () => {
    const { recording, questions } = asked({ ...generous, address: () => undefined })
    expect(await choose("redis", recording)).toEqual({ from: "programs", programs })
    expect(questions).toEqual(["address", "search"])
  })

  test("prefers Docker to installing packages", async () => {
    const { recording, questions } = asked({ dockerAnswers: async () => true })
    expect(await choose("redis", recording)).toEqual({ from: "compose" })
    expect(questions).toEqual(["address", "search", "docker"])
  })

  test("looks for the programs again once their package is installed", async () => {
    let installed = false
    const { recording, questions } = asked({
      search: async () => (installed ? { found: programs, passedOver: [] } : nothing),
      install: async () => (installed = true)
    })
    expect(await choose("redis", recording)).toEqual({ from: "programs", programs })
    expect(questions).toEqual(["address", "search", "docker", "install", "search"])
  })

  test("finds a server nowhere when all fails", async () => {
    expect(await choose("redis", barren)).toEqual({ from: "nowhere", server: "redis", passedOver: [] })
  })
})

test("a private server is never the one whose address was given", async () => {
  expect(await choosePrivate("redis", generous)).toEqual({ from: "programs", programs })
})

describe("ServersMissing", () => {
  const tooOld = { ...barren, search: async () => ({ passedOver: ["PostgreSQL 14.2 from /usr/bin"] }) }

  test("says in one line what to install", async () => {
    const error = new ServersMissing([await choose("postgres", barren), await choose("redis", barren)])
    expect(error.message).toBe(
      "PostgreSQL ≥ 15 and Redis ≥ 7 not found: " +
        'run "apt-get install postgresql redis-server" or "brew install postgresql@17 redis", ' +
        "or start Docker, or set TEST_DATABASE_URL and TEST_REDIS_URL"
    )
  })

  test("names only what is missing, and what was too old", async () => {
    const error = new ServersMissing([await choose("postgres", tooOld), await choose("redis", generous)])
    expect(error.message).toMatch(/^PostgreSQL ≥ 15 not found \(too old: PostgreSQL 14\.2 from \/usr\/bin\): run/u)
    expect(error.message).not.toMatch(/redis/iu)
  })
})
