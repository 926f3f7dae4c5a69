import { type Inbox, mailerContract } from "@customer-service/core/testing"
import { FileMailer, SmtpMailer } from "@customer-service/adapters-mail"
import { Context, Effect, Layer } from "effect"
import { filesIn, freshFolder, mailOf, textOf } from "./support/folder.ts"
import { readMail } from "./support/readMail.ts"
import { smtpServer } from "./support/smtpServer.ts"
import { textGateway } from "./support/textGateway.ts"

class Folder extends Context.Service<Folder, string>()("test/Folder") {
  static readonly layer = Layer.effect(Folder, freshFolder)
}

class Server extends Context.Service<Server, Effect.Success<ReturnType<typeof smtpServer>>>()("test/Server") {
  static readonly layer = Layer.effect(Server, smtpServer())
}

class Gateway extends Context.Service<Gateway, Effect.Success<ReturnType<typeof textGateway>>>()("test/Gateway") {
  static readonly layer = Layer.effect(Gateway, textGateway())
}

const filed: Inbox<Folder> = {
  mailsTo: (address) =>
    Effect.map(Folder, (directory) =>
      filesIn(directory)
        .map(mailOf)
        .filter(({ to }) => to === address)
    ),
  textsTo: (phone) =>
    Effect.map(Folder, (directory) =>
      filesIn(directory)
        .map(textOf)
        .filter(({ to }) => to === phone)
    )
}

const delivered: Inbox<Server | Gateway> = {
  mailsTo: (address) =>
    Effect.map(Server, ({ deliveries }) =>
      deliveries.map(({ raw }) => readMail(raw)).filter(({ to }) => to === address)
    ),
  textsTo: (phone) =>
    Effect.map(Gateway, ({ requests }) => requests.map(({ body }) => JSON.parse(body)).filter(({ to }) => to === phone))
}

const files = Layer.unwrap(Effect.map(Folder, (directory) => FileMailer.layer({ directory })))

const smtp = Layer.unwrap(
  Effect.gen(function* () {
    const [server, gateway] = [yield* Server, yield* Gateway]
    const directory = yield* Folder
    return SmtpMailer.layer({ url: server.url(), from: "shop@example.com", smsUrl: gateway.url(), directory })
  })
)

const smtpAndFiles = Layer.unwrap(
  Effect.map(Effect.all([Server, Folder]), ([server, directory]) =>
    SmtpMailer.layer({ url: server.url(), from: "shop@example.com", directory })
  )
)

mailerContract("a folder", Layer.provideMerge(files, Folder.layer), filed)
mailerContract(
  "SMTP and a gateway",
  Layer.provideMerge(smtp, Layer.mergeAll(Server.layer, Gateway.layer, Folder.layer)),
  delivered
)
mailerContract("SMTP and a folder", Layer.provideMerge(smtpAndFiles, Layer.merge(Server.layer, Folder.layer)), {
  mailsTo: (address) =>
    Effect.map(Server, ({ deliveries }) =>
      deliveries.map(({ raw }) => readMail(raw)).filter(({ to }) => to === address)
    ),
  textsTo: filed.textsTo
})
