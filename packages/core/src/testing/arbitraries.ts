export * from "./addressArbitraries.ts"
export * from "./customerArbitraries.ts"
export * from "./valueArbitraries.ts"
