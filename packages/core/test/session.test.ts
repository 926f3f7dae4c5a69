import { assert, describe, it as effectful } from "@effect/vitest"
import { fc, it } from "@fast-check/vitest"
import { DateTime, Effect, Layer, Redacted, Result } from "effect"
import { Digest, SecureRandom } from "effect/crypto"
import { digestOf, followerOf, makeSecret } from "../src/identity/Secret.ts"
import {
  exchange,
  formatRefreshToken,
  graceSeconds,
  makeSessionId,
  parseRefreshToken,
  type Session,
  SessionId
} from "../src/identity/Session.ts"
import { circumstances, freshCustomerId } from "../src/testing/strangers.ts"

const start = circumstances().now

const login = (secret = "secret 0"): Session => ({
  id: SessionId.make(freshCustomerId()),
  customerId: freshCustomerId(),
  epoch: 0,
  openedAt: start,
  refreshedAt: start,
  secret
})

/** What the law needs to know: which secret is the newest, counted from the login's, and how old it is. */
interface Model {
  newest: number
  millisSinceExchange: number
}

interface Real {
  session: Session
  now: DateTime.Utc
}

/** Somebody refreshes with the secret that is `age` older than the newest one, or with one that never was any. */
class Refresh implements fc.Command<Model, Real> {
  readonly age: number
  readonly gapMillis: number

  constructor(age: number, gapMillis: number) {
    this.age = age
    this.gapMillis = gapMillis
  }

  check({ newest }: Readonly<Model>): boolean {
    return this.age <= newest
  }

  run(model: Model, real: Real): void {
    const { session: before } = real
    real.now = DateTime.add(real.now, { milliseconds: this.gapMillis })
    model.millisSinceExchange += this.gapMillis
    const presented = `secret ${model.newest - this.age}`
    const offer = { presented, nonce: `nonce ${model.newest}`, follower: `secret ${model.newest + 1}` }
    const outcome = exchange(before, offer, real.now)
    if (this.age === 0) {
      model.newest += 1
      model.millisSinceExchange = 0
      real.session = Result.getOrThrow(outcome)
      assert.deepStrictEqual(real.session, {
        ...before,
        secret: offer.follower,
        previous: { secret: presented, nonce: offer.nonce },
        refreshedAt: real.now
      })
      return
    }
    if (this.age === 1 && model.millisSinceExchange <= graceSeconds * 1000) {
      assert.strictEqual(Result.getOrThrow(outcome), before)
      return
    }
    assert.isTrue(Result.isFailure(outcome))
    if (Result.isFailure(outcome)) {
      assert.deepInclude(outcome.failure, { _tag: "RefreshSecretReused", sessionId: before.id })
    }
  }

  toString(): string {
    return `refresh with the secret ${this.age} before the newest, ${this.gapMillis} ms later`
  }
}

const gap = fc.oneof(fc.constantFrom(0, 1, graceSeconds * 1000, graceSeconds * 1000 + 1), fc.nat(20_000))

const commands = fc.commands(
  [fc.tuple(fc.constantFrom(0, 0, 1, 1, 2, 3), gap).map(([age, millis]) => new Refresh(age, millis))],
  { maxCommands: 40 }
)

describe("refreshing a session", () => {
  it.prop([commands], { numRuns: 300 })(
    "exchanges the newest secret, takes the one before it again for ten seconds, and no other ever",
    (sequence) => {
      const setup = () => ({ model: { newest: 0, millisSinceExchange: 0 }, real: { session: login(), now: start } })
      fc.modelRun(setup, sequence)
    }
  )

  it.prop([fc.string(), gap])("never takes a secret that was not given out", (presented, millis) => {
    const offer = { presented, nonce: "nonce", follower: "follower" }
    const [, once] = [login(), Result.getOrThrow(exchange(login(), { ...offer, presented: "secret 0" }, start))]
    fc.pre(!["secret 0", "follower"].includes(presented))
    for (const session of [login(), once]) {
      assert.isTrue(Result.isFailure(exchange(session, offer, DateTime.add(start, { milliseconds: millis }))))
    }
  })

  effectful.effect("gives the second tab the secret that the first one got", () =>
    Effect.gen(function* () {
      const secret = yield* makeSecret
      const session = login(yield* digestOf(secret))
      const refresh = Effect.fnUntraced(function* (current: Session, nonce: string) {
        const presented = yield* digestOf(secret)
        const follower = yield* digestOf(yield* followerOf(nonce, secret))
        const next = yield* Effect.fromResult(exchange(current, { presented, nonce, follower }, start))
        return { next, secret: yield* followerOf(next.previous?.nonce ?? "", secret) }
      })
      const first = yield* refresh(session, "nonce of the first")
      const second = yield* refresh(first.next, "nonce of the second")
      assert.strictEqual(Redacted.value(second.secret), Redacted.value(first.secret))
      assert.strictEqual(second.next.secret, yield* digestOf(second.secret))
      assert.notStrictEqual(Redacted.value(first.secret), Redacted.value(secret))
    }).pipe(Effect.provide(Layer.mergeAll(SecureRandom.layerWebCrypto, Digest.layerWebCrypto)))
  )
})

describe("a refresh token", () => {
  effectful.effect("is read back as the session and the secret that it was made of", () =>
    Effect.gen(function* () {
      const [id, secret] = [yield* makeSessionId, yield* makeSecret]
      const parsed = parseRefreshToken(formatRefreshToken(id, secret))
      assert.strictEqual(parsed?.id, id)
      assert.strictEqual(parsed === undefined ? "" : Redacted.value(parsed.secret), Redacted.value(secret))
    }).pipe(Effect.provide(SecureRandom.layerWebCrypto))
  )

  const secret = "s".repeat(43)
  const id = "01900000-0000-7000-8000-000000000001"

  effectful.each([
    "",
    ".",
    secret,
    id,
    `${id}.`,
    `${id}.${secret}s`,
    `${id}.${secret.slice(1)}`,
    `${id}.${secret}\n`,
    ` ${id}.${secret}`,
    `${id.toUpperCase().replace("01", "AB")}.${secret}`,
    `${id}.${"+".repeat(43)}`,
    `${"-".repeat(36)}.${secret}`,
    `${id}.${secret}.${secret}`,
    "a".repeat(60_000)
  ])("is not read from %j", (text) => {
    assert.isUndefined(parseRefreshToken(text))
  })
})
