import type { Answer } from "../load/Answer.ts"

/** The lines that every request ends with. */
export const commonHeaders = (token: string): string => `Host: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n`

/** A GET as it goes over the wire. */
export const getRequest = (path: string, headers: string): string => `GET ${path} HTTP/1.1\r\n${headers}\r\n`

/** A request with a JSON body as it goes over the wire; the body must be ASCII. */
export const bodyRequest = (method: "POST" | "PUT", path: string, headers: string, body: string): string =>
  `${method} ${path} HTTP/1.1\r\n${headers}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`

const sampleEvery = 64
let answers = 0

/** Parses every 64th answer whole, to see that it is the customer asked for; parsing all would slow the harness. */
export const checkCustomer = (answer: Answer, id: string): string | undefined => {
  answers += 1
  if (answers % sampleEvery !== 0) return undefined
  const document = JSON.parse(answer.body())
  return document.success === true && document.data.customer.id === id ? undefined : "wrong customer"
}
