import { OpenApi } from "effect/http-api"
import { Api } from "./Api.ts"

/** The API's OpenAPI 3.1 document: the one that the service answers at `/openapi.json` and shows at `/docs`. */
export const openApiDocument = (): OpenApi.OpenAPISpec => OpenApi.fromApi(Api)
