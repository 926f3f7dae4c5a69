/** A mail as its reader's program shows it. */
export interface ReadMail {
  readonly headers: ReadonlyMap<string, string>
  readonly subject: string
  readonly to: string
  readonly text: string
}

const ofQuotedPrintable = (text: string): Buffer =>
  Buffer.from(
    text
      .replace(/=\r\n/g, "")
      .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1"
  )

const ofWord = (encoding: string, text: string): Buffer =>
  encoding.toUpperCase() === "B" ? Buffer.from(text, "base64") : ofQuotedPrintable(text.replaceAll("_", " "))

const encodedWords = /=\?utf-8\?[QB]\?[^?]*\?=(?:\s+=\?utf-8\?[QB]\?[^?]*\?=)*/gi

/** Encoded words (RFC 2047); what is between two of them is left out. */
const ofHeader = (value: string): string =>
  value.replace(encodedWords, (words) => {
    const parts = [...words.matchAll(/=\?utf-8\?([QB])\?([^?]*)\?=/gi)]
    return Buffer.concat(parts.map(([, encoding = "", text = ""]) => ofWord(encoding, text))).toString()
  })

const bodyOf = (encoding: string | undefined, body: string): string => {
  if (encoding === "quoted-printable") return ofQuotedPrintable(body).toString()
  return (encoding === "base64" ? Buffer.from(body, "base64") : Buffer.from(body, "latin1")).toString()
}

/** Reads the bytes that arrived, each as a character. */
export const readMail = (raw: string): ReadMail => {
  const end = raw.indexOf("\r\n\r\n")
  const lines = raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, " ")
    .split("\r\n")
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(":")
      return [
        line.slice(0, colon).toLowerCase(),
        Buffer.from(line.slice(colon + 1).trim(), "latin1").toString()
      ] as const
    })
  )
  return {
    headers,
    subject: ofHeader(headers.get("subject") ?? ""),
    to: headers.get("to") ?? "",
    text: bodyOf(headers.get("content-transfer-encoding"), raw.slice(end + 4)).replaceAll("\r\n", "\n")
  }
}
