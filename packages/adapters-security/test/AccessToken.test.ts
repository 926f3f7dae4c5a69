import { CachedTokenVerifier } from "@customer-service/core"
import { accessTokenContract } from "@customer-service/core/testing"
import { Layer } from "effect"
import { digestToken, JwtTokens } from "@customer-service/adapters-security"
import { edDsa, hs256 } from "./tokens.ts"

const jwtTokens = (settings: JwtTokens.JwtSettings) => Layer.orDie(JwtTokens.layer(settings))

const names = { issuer: "https://customers.example", audience: "customers" }

accessTokenContract("tokens signed with HS256", jwtTokens(hs256))
accessTokenContract("tokens signed with EdDSA", jwtTokens(edDsa))
accessTokenContract("tokens with an issuer and an audience", jwtTokens({ ...hs256, ...names }))
accessTokenContract(
  "verified tokens behind a cache",
  Layer.provideMerge(CachedTokenVerifier.layer(digestToken), jwtTokens(edDsa))
)
