/** Gives `use` what `make` makes, and ends it whatever comes. */
export const using = async <A, B>(
  made: Promise<A>,
  end: (made: A) => Promise<unknown>,
  use: (made: A) => Promise<B>
): Promise<B> => {
  const resource = await made
  try {
    return await use(resource)
  } finally {
    await end(resource)
  }
}
