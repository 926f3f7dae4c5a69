import { prepareDaprd } from "./daprd/daprd.ts"

/**
 * Begins early, and in the background, with what `prepareDaprd` may take minutes for; tests that need no sidecar do not
 * wait. What nobody has waited for at the end of the run is given up.
 */
const setup = (): (() => Promise<void>) => {
  const end = new AbortController()
  const outcome = prepareDaprd(end.signal).catch(() => {})
  return async () => {
    end.abort()
    await outcome
  }
}

export default setup
