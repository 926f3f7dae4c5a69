import { readFileSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { dictionary } from "@zxcvbn-ts/language-common"

const howMany = 10_000

const file = new URL("../src/commonPasswords.json", import.meta.url)
const source = join(dirname(createRequire(import.meta.url).resolve("@zxcvbn-ts/language-common")), "..")
const { name, version } = JSON.parse(readFileSync(join(source, "package.json"), "utf8"))

// The list is in the order of how often each was found in leaks.
const passwords = dictionary["passwords-common"].slice(0, howMany)

// One text, as a text of this length is read in no time and a list of as many texts is not.
const text = `${JSON.stringify(
  {
    source: `the ${howMany} commonest passwords of ${name} ${version}`,
    license: readFileSync(join(source, "LICENSE.txt"), "utf8"),
    passwords: passwords.join(" ")
  },
  null,
  2
)}\n`

const present = (): string | undefined => {
  try {
    return readFileSync(file, "utf8")
  } catch {
    return undefined
  }
}

if (!process.argv.includes("--check")) {
  writeFileSync(file, text)
} else if (present() !== text) {
  process.stderr.write(
    "packages/adapters-security/src/commonPasswords.json is not as its source has it: run `pnpm --filter @customer-service/adapters-security generate`\n"
  )
  process.exitCode = 1
}
