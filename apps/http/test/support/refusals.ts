import { expect } from "vitest"
import type { Answer } from "./requests.ts"

/** What a refused caller is told: status, code, and the places that are named. */
export interface Refusal {
  readonly status: number
  readonly code: string
  readonly paths: ReadonlyArray<string>
}

interface FailureBody {
  readonly error: { readonly code: string; readonly details: ReadonlyArray<{ readonly path: string }> }
}

const envelope = {
  success: false,
  error: {
    code: expect.stringMatching(/^[A-Z_]+$/),
    message: expect.stringMatching(/./),
    details: expect.any(Array),
    correlationId: expect.stringMatching(/./)
  }
}

/** The refusal in an answer, which must be a failure in the envelope, with the correlation id of its header. */
export const refusalIn = ({ body, headers, status }: Answer): Refusal => {
  expect(body).toEqual(envelope)
  expect(body).toMatchObject({ error: { correlationId: headers.get("x-correlation-id") } })
  const { code, details } = (body as FailureBody).error
  return { status, code, paths: details.map(({ path }) => path) }
}

/** A refusal to compare with. */
export const refusal = (status: number, code: string, ...paths: ReadonlyArray<string>): Refusal => ({
  status,
  code,
  paths
})
