import type { Service } from "../services.ts"

/** Sends a request, with a JSON body where there is one, and answers what is in `data`. Rejects where it fails. */
export const ask = async (
  { port }: Pick<Service, "port">,
  token: string,
  method: "GET" | "POST",
  path: string,
  body?: unknown
): Promise<unknown> => {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) })
  })
  if (!answer.ok) throw new Error(`${method} ${path} is answered with ${answer.status}: ${await answer.text()}`)
  const { data } = (await answer.json()) as { readonly data: unknown }
  return data
}
