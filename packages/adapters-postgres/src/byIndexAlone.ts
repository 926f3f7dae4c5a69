/**
 * Has rows looked up by index, one after the other, for the rest of the transaction. A connection plans each statement
 * once, and may do so while tables are empty or small: the plan for such a table reads the whole of it, also when it has
 * grown, until the statistics are taken anew.
 */
export const byIndexAlone = `
SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
  set_config('enable_mergejoin', 'off', true)`
