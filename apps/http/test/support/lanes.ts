/** Works on all items, so many at a time, beginning with the first. */
export const inLanes = async <A>(
  items: ReadonlyArray<A>,
  lanes: number,
  work: (item: A) => Promise<unknown>
): Promise<void> => {
  const waiting = [...items]
  const lane = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}
