import { describe, expect, it } from "vitest"
import { parse } from "yaml"

import { contentOf, packageFolders } from "./support/workspace.ts"

type Versions = Readonly<Record<string, string>>

interface Manifest {
  readonly name: string
  readonly packageManager?: string
  readonly dependencies?: Versions
  readonly devDependencies?: Versions
  readonly peerDependencies?: Versions
  readonly optionalDependencies?: Versions
}

interface Settings {
  readonly nodeVersion: string
  readonly catalog: Versions
}

const manifestIn = (folder: string): Manifest => JSON.parse(contentOf(`${folder}/package.json`))
const settings: Settings = parse(contentOf("pnpm-workspace.yaml"))

const dependenciesOf = (manifest: Manifest): ReadonlyArray<readonly [string, string]> =>
  [manifest.dependencies, manifest.devDependencies, manifest.peerDependencies, manifest.optionalDependencies].flatMap(
    (versions) => Object.entries(versions ?? {})
  )

describe("versions", () => {
  // The catalog cannot name Node: pnpm itself reads its version from the settings.
  it.each(packageFolders)("of what %s depends on come from the catalog or the workspace", (folder) => {
    const strays = dependenciesOf(manifestIn(folder)).filter(
      ([name, version]) =>
        name !== "node" && version !== (name.startsWith("@customer-service/") ? "workspace:*" : "catalog:")
    )
    expect(strays).toEqual([])
  })

  it("in the catalog are exact", () => {
    const inexact = Object.entries(settings.catalog).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/u.test(version)
    )
    expect(inexact).toEqual([])
  })

  it("of pnpm and Node are the same wherever they are named", () => {
    const { packageManager, devDependencies } = manifestIn(".")
    expect(packageManager).toBe(`pnpm@${settings.catalog["pnpm"]}`)
    expect(devDependencies?.["node"]).toBe(settings.nodeVersion)
  })
})
