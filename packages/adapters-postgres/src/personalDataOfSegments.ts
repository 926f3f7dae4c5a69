import {
  counts,
  each,
  ids,
  kept,
  keptText,
  kinds,
  namedIn,
  personal,
  personalText,
  type Table,
  times
} from "./personalDataRules.ts"

const ofCustomer = { hers: namedIn("customer_id") }

/** Segments, who belongs to them, and what it takes to find that out. */
export const segments: ReadonlyArray<Table> = [
  {
    name: "segment_recompute_moves",
    ...ofCustomer,
    rows: "go",
    columns: { ...each("segment_id joins by_hand", personal), customer_id: ids }
  },
  {
    name: "segment_recompute_touched",
    ...ofCustomer,
    rows: "go",
    columns: { segment_id: personal, customer_id: ids }
  },
  {
    name: "segment_recomputes",
    rows: "stay",
    columns: {
      ...each("segment_id cursor", ids),
      state: kinds,
      waits_for: kept("transactions of the database"),
      ...each("done total version", counts),
      ...each("is_active is_demanded is_again", kinds),
      started_at: times
    }
  },
  {
    name: "customer_segment_reviews",
    ...ofCustomer,
    rows: "go",
    columns: { customer_id: ids, due_at: times, fields: personal, ...each("before correlation_id", personalText) }
  },
  {
    name: "customer_segment_exceptions",
    ...ofCustomer,
    rows: "go",
    columns: {
      ...each("customer_id segment_id", ids),
      member: personal,
      ...each("reason made_by", personalText),
      ...each("made_at expires_at", times)
    }
  },
  {
    name: "customer_segment_memberships",
    ...ofCustomer,
    rows: "go",
    columns: {
      ...each("id customer_id", ids),
      ...each("segment_id assigned_at", personal),
      assigned_by: personalText
    }
  },
  {
    name: "customer_segments",
    nobodys: "true",
    rows: "stay",
    columns: {
      id: ids,
      ...each("name description rules in_force_rules", keptText("the shop's own words")),
      ...each("kind is_active is_leaving in_force_active", kinds),
      ...each("version in_force_version", counts),
      ...each("created_at updated_at", times)
    }
  },
  {
    name: "segment_catalog",
    rows: "stay",
    columns: { is_current: kinds, revision: counts, fields: kept("names of fields that rules ask for") }
  }
]
