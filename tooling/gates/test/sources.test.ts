import { expect, it } from "vitest"

import { contentOf, files } from "./support/workspace.ts"

const linesWith = (pattern: RegExp, paths: ReadonlyArray<string> = files): ReadonlyArray<string> =>
  paths.flatMap((path) =>
    contentOf(path)
      .split("\n")
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : []))
  )

const programs = files.filter((path) => /\.m?[jt]s$/u.test(path))

// The brackets keep the patterns from finding themselves.

it("the workspace leaves no work for later in a comment", () => {
  expect(linesWith(/\b(?:TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b/u)).toEqual([])
})

it("no test is skipped, and none is favoured", () => {
  const marks = /\b(?:describe|it|test|suite|layer|prop|effect|live)\.(?:skip|skipIf|runIf|todo|only|fails)\b/u
  expect(linesWith(marks, programs)).toEqual([])
  expect(linesWith(/\bskip\(\)|\b(?:context|ctx)\.skip\b/u, programs)).toEqual([])
})

it("no tool is silenced", () => {
  const silencers = /(?:oxlint|eslint)-dis[a]ble|@ts-(?:ign[o]re|expect-err[o]r|noch[e]ck)|@effect-diagnost[i]cs/u
  expect(linesWith(silencers, programs)).toEqual([])
})

it("no file names a path of somebody's machine", () => {
  const home = /(?:^|[\s"'`(=:])\/(?:home\/(?!linuxbrew\/)|Users\/|root\/|work\/|mnt\/|workspace\/)\w/u
  expect(linesWith(home)).toEqual([])
})

it("no file names a host of somebody's network", () => {
  const host = /\/\/(?:[\w.-]+\.(?:local|lan|corp|intra|internal)\b|registry\.|[\w.-]*(?:artifactory|nexus|verdaccio))/u
  expect(linesWith(host)).toEqual([])
  expect(linesWith(/tarball: http/u, ["pnpm-lock.yaml"])).toEqual([])
})
