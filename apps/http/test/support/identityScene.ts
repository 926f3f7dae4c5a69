import { afterAll } from "vitest"
import { type MailServer, startMailServer } from "./mailServer.ts"
import { openScene, type Scene } from "./scene.ts"
import { startTextGateway, type TextGateway } from "./textMessages.ts"

/** A service that sends its messages to servers of the test, and believes its proxy about addresses. */
export interface IdentityScene extends Scene {
  readonly mails: MailServer
  readonly texts: TextGateway
}

/** Where the links in mails lead. */
export const publicUrl = "https://shop.example.com/account"

/** Variables of a service that sends its messages to these servers. */
export const messagingTo = (mails: MailServer, texts: TextGateway): Readonly<Record<string, string>> => ({
  SMTP_URL: mails.url,
  SMS_URL: texts.url,
  PUBLIC_URL: publicUrl,
  TRUSTED_PROXIES: "127.0.0.1/32"
})

/** Sets the scene for this file, and clears it away after the file's last test. */
export const openIdentityScene = async (variables: Readonly<Record<string, string>> = {}): Promise<IdentityScene> => {
  const mails = await startMailServer()
  const texts = await startTextGateway()
  afterAll(() => Promise.all([mails.close(), texts.close()]))
  const scene = await openScene({ ...messagingTo(mails, texts), ...variables })
  return { ...scene, mails, texts }
}
