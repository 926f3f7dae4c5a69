const pauseMillis = 250
const longestMillis = 120_000

/** Looks four times a second whether something is so; false where it is not within two minutes. */
export const waitUntil = async (isSo: () => Promise<boolean>): Promise<boolean> => {
  const start = performance.now()
  while (!(await isSo())) {
    if (performance.now() - start > longestMillis) return false
    await new Promise((resolve) => setTimeout(resolve, pauseMillis))
  }
  return true
}
