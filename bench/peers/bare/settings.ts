const wholeNumber = (name: string, fallback: number): number => {
  const value = Number(process.env[name] ?? fallback)
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${name} must be a whole number`)
  return value
}

const required = (name: string): string => {
  const value = process.env[name]
  if (value === undefined || value === "") throw new Error(`${name} is required`)
  return value
}

/** The same variables as the service reads, as far as the peer needs them. */
export const settings = {
  host: process.env["HOST"] ?? "127.0.0.1",
  port: wholeNumber("SERVICE_PORT", 8008),
  databaseUrl: required("DATABASE_URL"),
  redisUrl: required("REDIS_URL"),
  jwtSecret: required("JWT_SECRET"),
  userLimit: wholeNumber("RATE_LIMIT_PER_MINUTE", 1000),
  clientLimit: wholeNumber("RATE_LIMIT_CLIENT_PER_MINUTE", 120_000),
  mostConcurrent: wholeNumber("MAX_CONCURRENT_REQUESTS", 1000),
  profileSeconds: wholeNumber("REDIS_TTL_PROFILE", 3600),
  addressesSeconds: wholeNumber("REDIS_TTL_ADDRESSES", 7200)
}
