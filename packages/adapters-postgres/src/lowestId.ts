/** No row has as low an id: where to begin with those behind it. */
export const lowestId = "00000000-0000-0000-0000-000000000000"
