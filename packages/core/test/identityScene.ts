import { it as plainIt } from "@effect/vitest"
import { Cause, Context, Effect, Layer, Logger, References } from "effect"
import { Digest, SecureRandom } from "effect/crypto"
import { StorageUnavailable } from "../src/customer/CustomerErrors.ts"
import { CustomerRepository } from "../src/customer/CustomerRepository.ts"
import * as AccessToken from "../src/identity/AccessToken.ts"
import { Credentials } from "../src/identity/Credentials.ts"
import { layerMemory as mailerInMemory, Mailer, MailRejected } from "../src/identity/Mailer.ts"
import { HasherBusy, layerMemory as hasherInMemory, PasswordHasher } from "../src/identity/PasswordHasher.ts"
import { layerMemory as sessionsInMemory, SessionStore, SessionsUnavailable } from "../src/identity/SessionStore.ts"
import * as ReceiptSigner from "../src/privacy/ReceiptSigner.ts"
import { CurrentActor, nobody } from "../src/request/Actor.ts"
import * as AttemptLimiter from "../src/request/AttemptLimiter.ts"
import { besideMemory } from "./memoryLayers.ts"

/** A point in the middle of a use case at which something else can be made to happen. */
export type Moment =
  | "an account was read"
  | "a password was compared"
  | "a session was opened"
  | "a customer was written"
  | "a message was about to go out"

/** What a test can do to the world, and what it sees of it. */
export interface SceneState {
  sessionsAreDown: boolean
  accountsAreDown: boolean
  hasherIsBusy: boolean
  /** Every hash is of parameters that are used no longer. */
  hashesAreOutdated: boolean
  mailsAre: "taken" | "refused for now" | "refused for good" | "too much for the mailer"
  /** How many passwords were hashed or compared. */
  hashed: number
  readonly happenings: Map<Moment, Effect.Effect<void>>
  readonly logged: Array<string>
}

export class Scene extends Context.Service<Scene, SceneState>()("test/IdentityScene") {
  static readonly layer = Layer.sync(Scene, (): SceneState => ({
    sessionsAreDown: false,
    accountsAreDown: false,
    hasherIsBusy: false,
    hashesAreOutdated: false,
    mailsAre: "taken",
    hashed: 0,
    happenings: new Map(),
    logged: []
  }))
}

/** Lets `happening` happen once, when a use case comes to that moment next. */
export const meanwhile = <A, E, R>(moment: Moment, happening: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const scene = yield* Scene
    const context = yield* Effect.context<R>()
    scene.happenings.set(moment, Effect.asVoid(Effect.orDie(Effect.provideContext(happening, context))))
  })

const reach = (scene: SceneState, moment: Moment) =>
  Effect.suspend(() => {
    const happening = scene.happenings.get(moment) ?? Effect.void
    scene.happenings.delete(moment)
    return happening
  })

const watchedHasher = Layer.effect(
  PasswordHasher,
  Effect.gen(function* () {
    const scene = yield* Scene
    const hasher = yield* PasswordHasher
    const working = <A, E>(work: Effect.Effect<A, E>) =>
      Effect.suspend((): Effect.Effect<A, E | HasherBusy> => {
        if (scene.hasherIsBusy) return Effect.fail(new HasherBusy())
        scene.hashed += 1
        return Effect.andThen(Effect.yieldNow, work)
      })
    return PasswordHasher.of({
      hash: (password) => working(hasher.hash(password)),
      verify: (password, hash) =>
        working(hasher.verify(password, hash)).pipe(
          Effect.tap(() => reach(scene, "a password was compared")),
          Effect.map((verdict) => ({ ...verdict, outdated: verdict.outdated || scene.hashesAreOutdated }))
        )
    })
  })
).pipe(Layer.provide(hasherInMemory))

const watchedSessions = Layer.effect(
  SessionStore,
  Effect.gen(function* () {
    const scene = yield* Scene
    const sessions = yield* SessionStore
    const answering = <A, E>(call: Effect.Effect<A, E>) =>
      Effect.suspend((): Effect.Effect<A, E | SessionsUnavailable> =>
        scene.sessionsAreDown ? Effect.fail(new SessionsUnavailable()) : call
      )
    return SessionStore.of({
      open: (session) => Effect.tap(answering(sessions.open(session)), () => reach(scene, "a session was opened")),
      find: (id) => answering(sessions.find(id)),
      modify: (id, decide) => answering(sessions.modify(id, decide)),
      end: (id) => answering(sessions.end(id)),
      endAll: (id, except) => answering(sessions.endAll(id, except)),
      list: (id) => answering(sessions.list(id))
    })
  })
).pipe(Layer.provide(sessionsInMemory()))

const watchedMailer = Layer.effect(
  Mailer,
  Effect.gen(function* () {
    const scene = yield* Scene
    const mailer = yield* Mailer
    const taking = (send: Effect.Effect<void, MailRejected>) =>
      Effect.suspend(() => {
        if (scene.mailsAre === "too much for the mailer") return Effect.die(new TypeError("no such charset"))
        return scene.mailsAre === "taken"
          ? send
          : Effect.fail(new MailRejected({ permanent: scene.mailsAre === "refused for good" }))
      })
    const after = (send: Effect.Effect<void, MailRejected>) =>
      Effect.andThen(reach(scene, "a message was about to go out"), taking(send))
    return Mailer.of({
      ...mailer,
      sendMail: (mail) => after(mailer.sendMail(mail)),
      sendText: (message) => after(mailer.sendText(message))
    })
  })
).pipe(Layer.provideMerge(mailerInMemory))

const watchedCredentials = Layer.effect(
  Credentials,
  Effect.gen(function* () {
    const scene = yield* Scene
    const credentials = yield* Credentials
    const reading = <A>(read: Effect.Effect<A, StorageUnavailable>) =>
      Effect.suspend(() => (scene.accountsAreDown ? Effect.fail(new StorageUnavailable()) : read)).pipe(
        Effect.tap(() => reach(scene, "an account was read"))
      )
    return Credentials.of({
      ...credentials,
      find: (id) => reading(credentials.find(id)),
      findByEmail: (email) => reading(credentials.findByEmail(email))
    })
  })
)

const watchedRepository = Layer.effect(
  CustomerRepository,
  Effect.gen(function* () {
    const scene = yield* Scene
    const repository = yield* CustomerRepository
    return CustomerRepository.of({
      ...repository,
      modify: (id, decide, once) =>
        Effect.tap(repository.modify(id, decide, once), () => reach(scene, "a customer was written"))
    })
  })
)

const listening = Logger.layer([
  Effect.map(Scene, ({ logged }) =>
    Logger.make(({ cause, fiber, message }) => {
      const annotations = fiber.getRef(References.CurrentLogAnnotations)
      logged.push(JSON.stringify([message, annotations, Cause.pretty(cause)]))
    })
  )
])

/** Everything that identity and privacy need, in memory; whoever asks is nobody in particular. */
const world = Layer.mergeAll(
  watchedHasher,
  watchedSessions,
  watchedMailer,
  watchedCredentials,
  watchedRepository,
  AccessToken.layerMemory,
  AttemptLimiter.layerMemory,
  ReceiptSigner.layerMemory,
  Digest.layerWebCrypto,
  Layer.succeed(CurrentActor, nobody),
  Layer.succeed(References.MinimumLogLevel, "All")
).pipe(
  Layer.provideMerge(besideMemory),
  Layer.provideMerge(listening),
  Layer.provideMerge(Scene.layer),
  Layer.provideMerge(SecureRandom.layerWebCrypto)
)

export type World = Layer.Success<typeof world>

/** A test in a world of its own. */
export const it = (name: string, test: () => Effect.Effect<void, unknown, World>): void =>
  plainIt.effect(name, () => Effect.provide(Effect.suspend(test), world))
