export * as DaprEventPublisher from "./DaprEventPublisher.ts"
export * as Delivery from "./Delivery.ts"
export * as Subscriptions from "./Subscriptions.ts"
