import { Result } from "effect"
import type { InputIssue } from "../../customer/CustomerErrors.ts"
import { readRule } from "./readRule.ts"
import type { Rule } from "./Rule.ts"
import { longestRuleText, parseRule, printRule } from "./ruleText.ts"

const fail = (message: string) => Result.fail([{ path: "rule", message }])

/**
 * Reads a rule that somebody gives, in its text form or its JSON form. Issues are at the path `rule`: of a text with
 * the column in the message, of JSON with the way into it, as in `rule.all.0.value`.
 */
export const readRuleInput = (input: unknown): Result.Result<Rule, ReadonlyArray<InputIssue>> =>
  typeof input === "string"
    ? Result.mapError(parseRule(input), ({ column, message }) => [
        { path: "rule", message: `column ${column}: ${message}` }
      ])
    : Result.flatMap(readRule(input, "rule"), (rule) =>
        // What is shown as text can be given as text.
        printRule(rule).length > longestRuleText
          ? fail(`is too long: a rule has at most ${longestRuleText} characters as text`)
          : Result.succeed(rule)
      )
