/** The parts of an OpenAPI 3.1 document that are completed here; `type`, not `interface`, because each is plain JSON. */

export type Schema = { readonly [keyword: string]: unknown }

export type Reference = { readonly $ref: string }

export type Parameter = {
  readonly name: string
  readonly in: string
  readonly required: boolean
  readonly description?: string
  readonly schema: Schema
}

export type Example = { readonly summary?: string; readonly value: unknown }

export type MediaType = {
  readonly schema: Schema
  readonly example?: unknown
  readonly examples?: Readonly<Record<string, Example | Reference>>
}

export type Content = { readonly "application/json": MediaType }

export type Response = {
  readonly description: string
  readonly headers?: Readonly<Record<string, Reference>>
  readonly content?: Content
}

export type RequestBody = { readonly content: Content; readonly required: boolean }

export type Operation = {
  readonly operationId: string
  readonly parameters: ReadonlyArray<Parameter | Reference>
  readonly requestBody?: RequestBody
  readonly responses: Readonly<Record<string, Response | Reference>>
}

export type Document = {
  readonly info: Readonly<Record<string, unknown>>
  readonly tags: ReadonlyArray<{ readonly name: string }>
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>
    readonly securitySchemes: Readonly<Record<string, { readonly scheme: string }>>
  }
}

/** A copy of `record` with every value changed. */
export const mapValues = <A, B>(
  record: Readonly<Record<string, A>>,
  change: (value: A, key: string) => B
): Record<string, B> => Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]))
