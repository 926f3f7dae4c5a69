/** What is no text of one line would begin another header, or end them. */
const noLine = /[\p{Cc}\u2028\u2029]+/gu

/** A subject as one line. */
export const oneLine = (subject: string): string => subject.replace(noLine, " ")

/** Bytes in an encoded word of at most 75 characters (RFC 2047, section 2). */
const mostBytes = 45

const encodedWords = (text: string): string => {
  let words: ReadonlyArray<string> = [""]
  for (const character of text) {
    const longer = `${words.at(-1)}${character}`
    words = Buffer.byteLength(longer) > mostBytes ? [...words, character] : [...words.slice(0, -1), longer]
  }
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word).toString("base64")}?=`).join(" ")
}

/** A subject as one line that a reader's program shows as it is: what looks encoded already is encoded once more. */
export const shownAsIs = (subject: string): string => {
  const line = oneLine(subject)
  return line.includes("=?") ? encodedWords(line) : line
}
