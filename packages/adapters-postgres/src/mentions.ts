/**
 * What the statements over the registry of personal data begin with: $1 the customer's id, $2 a salt, $3 the hashes of
 * her mail addresses and phones under that salt. Constant text that refers to `given` never needs another parameter.
 */
export const given = `WITH given AS MATERIALIZED (SELECT $1::uuid AS id, $2::text AS salt, $3::text[] AS hashes)`

/** Whether text, in the form that `identifiers.ts` hashes, is one of those that are given. */
export const isGiven = (text: string): string =>
  `encode(sha256(convert_to((SELECT salt FROM given) || ${text}, 'UTF8')), 'hex') = ANY ((SELECT hashes FROM given)::text[])`

// What stands before a mail address, without a space between, may pass for the beginning of it: `to=jane@example.com`.
const addressesIn = (words: string): string => `
  SELECT local || '@' || rtrim(part[2], '-') AS piece
  FROM regexp_matches(lower(${words} COLLATE "C"),
    '([a-z0-9!#$%&''*+/=?^_\`{|}~.-]+)@([a-z0-9-]+(?:\\.[a-z0-9-]+)+)', 'g') AS mail(part)
  CROSS JOIN LATERAL (VALUES (part[1]), (ltrim(part[1], '.-')), (regexp_replace(part[1], '^.*[^a-z0-9._+-]', '')))
    AS spelt(local)`

// A number is written in groups of digits, and another number may stand right beside it: every row of groups that
// could be a phone is tried. It loses its leading zeros, as the hashed ones did.
const phonesIn = (words: string): string => `
  SELECT ltrim(array_to_string(digits[first:last], ''), '0') AS piece
  FROM regexp_matches(${words}, '[0-9]+(?:[[:space:]().\\/-]{1,5}[0-9]+)*', 'g') AS number(part)
  CROSS JOIN LATERAL regexp_split_to_array(part[1], '[^0-9]+') AS digits
  CROSS JOIN LATERAL generate_subscripts(digits, 1) AS first
  CROSS JOIN LATERAL generate_series(first, least(first + 14, cardinality(digits))) AS last
  WHERE length(array_to_string(digits[first:last], '')) BETWEEN 7 AND 17`

/**
 * Whether one of the given mail addresses or phones stands somewhere in the text, in whatever capitals, and with
 * whatever separators. The plain values are not needed: everything that looks like one is hashed.
 */
export const mentions = (words: string): string =>
  `EXISTS (SELECT FROM (${addressesIn(words)} UNION ALL ${phonesIn(words)}) pieces WHERE ${isGiven("piece")})`
