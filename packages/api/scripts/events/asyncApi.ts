import { consumedEvents } from "./consumedEvents.ts"
import type { EventDescription } from "./EventDescription.ts"
import { publishedEvents } from "./publishedEvents.ts"

type Action = "send" | "receive"

const description = `What the customer service publishes and what it listens to, each message in the same envelope.

Messages go through a Dapr pub/sub component, which wraps each in a CloudEvent 1.0: the message is its \`data\`, and the \`eventId\` of what is published here its \`id\`.

Every event is published at least once, and those of one customer in the order of her changes. After an outage of the bus some are published again. What a consumer must do for that stands in README.md beside this file.

A message may gain fields: consumers must let be what they do not know.`

const server = {
  host: "127.0.0.1:3500",
  protocol: "http",
  title: "Dapr pub/sub on Redis Streams",
  summary: "The sidecar of each service, with the component `pubsub`.",
  description:
    "A stream for each topic. Streams are bounded (`maxLenApprox` of the component): messages hold personal data and " +
    "are not kept for ever, so a consumer that was away for longer asks for a replay. Redis runs with append-only files."
}

const uniqueTopics = (events: ReadonlyArray<EventDescription>) => [...new Set(events.flatMap(({ topics }) => topics))]

const messagesOn = (topic: string, events: ReadonlyArray<EventDescription>) =>
  events.filter(({ topics }) => topics.includes(topic))

const message = ({ description, example, name, summary }: EventDescription) => ({
  name,
  title: name,
  summary,
  description,
  contentType: "application/json",
  correlationId: { $ref: "#/components/correlationIds/ofTheWork" },
  payload: { $ref: `./${name}.schema.json` },
  examples: [{ name, payload: example }]
})

const channel = (topic: string, events: ReadonlyArray<EventDescription>) => {
  const messages = messagesOn(topic, events)
  return {
    address: topic,
    description: messages
      .slice(0, 1)
      .map(({ summary }) => summary)
      .join(""),
    servers: [{ $ref: "#/servers/pubsub" }],
    messages: Object.fromEntries(messages.map(({ name }) => [name, { $ref: `#/components/messages/${name}` }]))
  }
}

const operation = (action: Action, topic: string, events: ReadonlyArray<EventDescription>) => {
  const messages = messagesOn(topic, events)
  return {
    action,
    channel: { $ref: `#/channels/${topic}` },
    summary: messages
      .slice(0, 1)
      .map(({ summary }) => summary)
      .join(""),
    description: messages
      .slice(0, 1)
      .map(({ description }) => description)
      .join(""),
    messages: messages.map(({ name }) => ({ $ref: `#/channels/${topic}/messages/${name}` }))
  }
}

const operations = (action: Action, events: ReadonlyArray<EventDescription>) =>
  uniqueTopics(events).map((topic) => [`${action} ${topic}`, operation(action, topic, events)] as const)

const everything = [...publishedEvents, ...consumedEvents]

/** The AsyncAPI 3.0 document of what this service sends and receives; messages are the JSON Schemas beside it. */
export const asyncApiDocument = () => ({
  asyncapi: "3.0.0",
  id: "urn:customer-service",
  info: {
    title: "Customer service events",
    version: "1.0.0",
    description,
    license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    contact: { name: "Customer service maintainers" },
    tags: [{ name: "customers", description: "What happens to customers of the shop." }]
  },
  defaultContentType: "application/json",
  servers: { pubsub: server },
  channels: Object.fromEntries(uniqueTopics(everything).map((topic) => [topic, channel(topic, everything)])),
  operations: Object.fromEntries([...operations("send", publishedEvents), ...operations("receive", consumedEvents)]),
  components: {
    messages: Object.fromEntries(everything.map((event) => [event.name, message(event)])),
    correlationIds: {
      ofTheWork: {
        description: "The id of the work that the message came of.",
        location: "$message.payload#/metadata/correlationId"
      }
    }
  }
})
