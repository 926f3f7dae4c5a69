import { describe, expect, it } from "vitest"
import { run } from "./support/commandLine.ts"

const commands = [
  [],
  ["doctor"],
  ["migrate"],
  ["migrate", "up"],
  ["migrate", "status"],
  ["events"],
  ["events", "status"],
  ["events", "dead"],
  ["events", "retry"],
  ["events", "drop"],
  ["events", "replay"],
  ["events", "relay"],
  ["tiers"],
  ["tiers", "preview"],
  ["tiers", "apply"],
  ["privacy"],
  ["privacy", "export"],
  ["privacy", "erase"],
  ["privacy", "run-due"],
  ["privacy", "verify-receipt"],
  ["token"],
  ["token", "issue"],
  ["demo"],
  ["demo", "fill"],
  ["openapi"]
]

describe.concurrent("help", () => {
  it.for(commands)("of `%s` shows an example on stdout, whatever the configuration", async (command) => {
    const { code, stderr, stdout } = await run([...command, "--help"], { DATABASE_URL: "nonsense" })
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    const [, examples = ""] = stdout.split("EXAMPLES")
    expect(examples).toContain(["customer-service", ...command].join(" "))
  })

  it("explains the exit codes, and how to have a shell complete commands", async () => {
    const { stdout } = await run(["--help"])
    expect(stdout).toContain(
      "Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 done, and differences were found."
    )
    expect(stdout).toContain("source <(customer-service --completions bash)")
    const completions = await run(["--completions", "bash"])
    expect(completions).toMatchObject({ code: 0, stdout: expect.stringContaining("migrate"), stderr: "" })
  })

  it("is short where the version alone is asked for", async () => {
    expect((await run(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})
