import { Redacted } from "effect"

/** One thing the doctor looked at: how it is, and for a problem what to do about it. */
export type Check =
  | { readonly name: string; readonly state: "ok" | "skipped"; readonly finding: string }
  | { readonly name: string; readonly state: "problem"; readonly finding: string; readonly advice: string }

export const ok = (name: string, finding: string): Check => ({ name, state: "ok", finding })

/** It could not be looked at, and that is no problem by itself. */
export const skipped = (name: string, finding: string): Check => ({ name, state: "skipped", finding })

export const problem = (name: string, finding: string, advice: string): Check => ({
  name,
  state: "problem",
  finding,
  advice
})

const marks = { ok: "ok     ", skipped: "skipped", problem: "PROBLEM" }

/** The check as a line for people. */
export const lineOf = (check: Check): string => {
  const line = `${marks[check.state]}  ${check.name.padEnd(14)}  ${check.finding}`
  return check.state === "problem" ? `${line} → ${check.advice}` : line
}

/** Host and port of an address that may hold a password. */
export const hostOf = (url: Redacted.Redacted): string => URL.parse(Redacted.value(url))?.host ?? "its address"
