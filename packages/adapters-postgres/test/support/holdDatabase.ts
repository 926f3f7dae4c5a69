import { Effect, Layer } from "effect"
import * as PgliteClient from "../../src/PgliteClient.ts"

// A process of its own that holds the embedded database in a directory until it is killed.
const hold = Layer.effectDiscard(Effect.sync(() => process.stdout.write("holding")))

await Effect.runPromise(Layer.launch(Layer.provide(hold, PgliteClient.layer(process.argv[2]))))
