const contentLength = /\r\ncontent-length: *(\d+)/i
const chunked = /\r\ntransfer-encoding: *chunked/i
const entityTag = /\r\netag: *"(\d+)"/i
const endOfHead = Buffer.from("\r\n\r\n")
const lastChunk = Buffer.from("0\r\n\r\n")

/** The body that chunks carry. */
const joinChunks = (bytes: Buffer): string => {
  const parts: Array<Buffer> = []
  let at = 0
  for (;;) {
    const lineEnd = bytes.indexOf("\r\n", at)
    const size = Number.parseInt(bytes.toString("latin1", at, lineEnd), 16)
    if (!(size > 0)) return Buffer.concat(parts).toString()
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = lineEnd + 2 + size + 2
  }
}

/** One HTTP/1.1 answer, read in place; it is reused, and good until the next is read. */
export class Answer {
  status = 0
  #head = ""
  #bytes: Buffer = Buffer.alloc(0)
  #bodyStart = 0
  #end = 0

  /** Whether the first `length` bytes hold the whole answer. */
  read(bytes: Buffer, length: number): boolean {
    const headEnd = bytes.indexOf(endOfHead)
    if (headEnd < 0 || headEnd + endOfHead.length > length) return false
    this.#head = bytes.toString("latin1", 0, headEnd)
    this.status = Number(this.#head.slice(9, 12))
    this.#bytes = bytes
    this.#bodyStart = headEnd + endOfHead.length
    const announced = contentLength.exec(this.#head)
    if (announced === null && chunked.test(this.#head)) {
      this.#end = length
      return bytes.subarray(this.#bodyStart, length).subarray(-lastChunk.length).equals(lastChunk)
    }
    // Without either there is no body, as with 204 and 304.
    this.#end = this.#bodyStart + (this.status === 304 ? 0 : Number(announced?.[1] ?? 0))
    return this.#end <= length
  }

  /** The version in the `ETag`; NaN where there is none. */
  version(): number {
    return Number(entityTag.exec(this.#head)?.[1])
  }

  body(): string {
    return chunked.test(this.#head)
      ? joinChunks(this.#bytes.subarray(this.#bodyStart, this.#end))
      : this.#bytes.toString("utf8", this.#bodyStart, this.#end)
  }
}
