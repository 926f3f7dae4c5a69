/** A mail as its reader sees it. */
export interface Mail {
  readonly recipients: ReadonlyArray<string>
  readonly headers: ReadonlyMap<string, string>
  readonly subject: string
  readonly text: string
  /** Everything that came over the line. */
  readonly raw: string
}

const fromHex = (text: string, escape: RegExp): Buffer =>
  Buffer.from(
    text.replace(escape, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
    "latin1"
  )

const quotedPrintable = (text: string): Buffer => fromHex(text.replaceAll(/=\r?\n/g, ""), /=([0-9A-F]{2})/gi)

/** Text of a header, whose words may be encoded (RFC 2047). */
const headerText = (text: string): string =>
  text
    .replaceAll(/\?=\s+=\?/g, "?==?")
    .replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      (kind.toLowerCase() === "b"
        ? Buffer.from(word, "base64")
        : fromHex(word.replaceAll("_", " "), /=([0-9A-F]{2})/gi)
      ).toString("utf8")
    )

const headersOf = (head: string): ReadonlyMap<string, string> =>
  new Map(
    head
      .replaceAll(/\r\n[ \t]+/g, " ")
      .split("\r\n")
      .map((line) => {
        const colon = line.indexOf(":")
        return [line.slice(0, colon).toLowerCase(), headerText(line.slice(colon + 1).trim())] as const
      })
  )

const bodyOf = (body: string, encoding: string): string => {
  if (encoding === "base64") return Buffer.from(body, "base64").toString("utf8")
  return (encoding === "quoted-printable" ? quotedPrintable(body) : Buffer.from(body, "latin1")).toString("utf8")
}

/** Reads a mail of one part as it came over the line. */
export const readMail = (recipients: ReadonlyArray<string>, bytes: Buffer): Mail => {
  const raw = bytes.toString("latin1")
  const end = raw.indexOf("\r\n\r\n")
  const headers = headersOf(raw.slice(0, end))
  const encoding = (headers.get("content-transfer-encoding") ?? "7bit").toLowerCase()
  const text = bodyOf(raw.slice(end + 4), encoding).replaceAll("\r\n", "\n")
  return { recipients, headers, subject: headers.get("subject") ?? "", text, raw }
}

/** The secret behind `#token=` in a link of the mail. */
export const tokenIn = ({ text }: Mail): string => /#token=([A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])/.exec(text)?.[1] ?? ""
