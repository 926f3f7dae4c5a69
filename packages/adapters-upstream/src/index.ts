export * as HttpLoyaltyService from "./HttpLoyaltyService.ts"
export * as HttpOrderService from "./HttpOrderService.ts"
export type { UpstreamOptions } from "./UpstreamOptions.ts"
