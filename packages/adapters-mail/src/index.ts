export * as FileMailer from "./FileMailer.ts"
export * as SmtpMailer from "./SmtpMailer.ts"
