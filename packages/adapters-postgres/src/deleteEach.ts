/**
 * Deletes rows of `table`, found by its key for each row of `each`, constant text both. The OFFSET has them looked up so
 * whatever the planner takes the tables to hold: it may have planned the statement when they were empty, and would go
 * through all of `table` for each of them. Nobody else may change these rows meanwhile.
 */
export const deleteEach = (table: string, each: string, key: string): string => `
  DELETE FROM ${table} WHERE ctid = ANY(ARRAY(SELECT place
    FROM ${each} CROSS JOIN LATERAL (SELECT ctid AS place FROM ${table} t WHERE ${key} OFFSET 0) found))`
