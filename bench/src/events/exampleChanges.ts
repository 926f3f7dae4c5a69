import type { Service } from "../services.ts"

const address = {
  type: "shipping",
  street: "1 Main Street",
  city: "New York",
  state: "NY",
  zipCode: "10001",
  country: "US"
}
const profile = { firstName: "Grace", lastName: "Hopper", dateOfBirth: "1986-12-09", phone: "+1-202-555-0143" }

interface Created {
  readonly data: { readonly customer: { readonly id: string } }
}

/** Creates a customer and changes her three times, so that there is an event of each; answers her id. */
export const changeExample = async ({ port }: Service, token: string): Promise<string> => {
  const ask = async (method: "POST" | "PUT", path: string, body: unknown): Promise<unknown> => {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/customers${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body)
    })
    if (!answer.ok) throw new Error(`${method} of an example is answered with ${answer.status}`)
    return answer.json()
  }
  const email = `example.${Date.now()}@example.com`
  const { data } = (await ask("POST", "", { email, profile: { firstName: "Ada" } })) as Created
  const path = `/${data.customer.id}`
  await ask("PUT", path, { profile })
  await ask("POST", `${path}/addresses`, address)
  await ask("PUT", path, { preferences: { language: "de", marketing: { smsOptIn: true } } })
  return data.customer.id
}
