import { openApiDocument } from "@customer-service/api"
import { Console } from "effect"
import { Command } from "effect/cli"
import { json } from "../flags.ts"

/** `openapi`: prints the description of the HTTP API. */
export const openapi = Command.make("openapi", { json }, (flags) =>
  Console.log(JSON.stringify(openApiDocument(), undefined, flags.json ? undefined : 2))
).pipe(
  Command.withDescription("Print the OpenAPI document of the HTTP API"),
  Command.withExamples([
    { command: "customer-service openapi > openapi.json", description: "Keep the document in a file" }
  ])
)
