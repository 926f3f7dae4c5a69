// Its name is for good. To set it would lock the row against those who refer to it, and so against a recompute's steps.
/** Writes a segment, a new one or one that is there: $1 as JSON. */
export const saveSegment = `
INSERT INTO customer_segments (id, name, description, rules, kind, version, is_active, is_leaving, in_force_rules,
  in_force_version, in_force_active, created_at, updated_at)
SELECT id, name, description, rule, kind, version, "isActive", "isLeaving", "inForce"->'rule',
  ("inForce"->>'version')::int, ("inForce"->>'isActive')::boolean, "createdAt", "updatedAt"
FROM jsonb_to_record($1::text::jsonb) AS x(id uuid, name text, description text, rule jsonb, kind text, version int,
  "isActive" boolean, "isLeaving" boolean, "inForce" jsonb, "createdAt" timestamptz, "updatedAt" timestamptz)
ON CONFLICT (id) DO UPDATE SET
  description = excluded.description, rules = excluded.rules, version = excluded.version,
  is_active = excluded.is_active, is_leaving = excluded.is_leaving, in_force_rules = excluded.in_force_rules,
  in_force_version = excluded.in_force_version, in_force_active = excluded.in_force_active,
  updated_at = excluded.updated_at`

/** How many belong to each segment. */
export const memberCounts = `
SELECT s.id, (SELECT count(*)::float8 FROM customer_segment_memberships b WHERE b.segment_id = s.id) AS members
FROM customer_segments s`

/** How many belong to the segment $1. */
export const memberCount = `
SELECT count(*)::float8 AS members FROM customer_segment_memberships WHERE segment_id = $1`
