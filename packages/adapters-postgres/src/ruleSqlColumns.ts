import { attributeIn, segmentIn } from "@customer-service/core"

/** The tables that may stand beside `customers c`: customer_profiles, customer_preferences and customer_metrics. */
export type JoinedTable = "p" | "r" | "m"

/** How a column's values are read and compared. */
export type ColumnType = "text" | "email" | "integer" | "amount" | "boolean" | "instant" | "date"

/** Where a field stands: a column, or an expression of one, of `c`, of a joined table, or of an address `a`. */
export interface Column {
  readonly table: JoinedTable | "c" | "a"
  readonly sql: string
  readonly type: ColumnType
}

type Places = Readonly<Record<string, string>>

const declare = (prefix: string, table: Column["table"], type: ColumnType, places: Places) =>
  Object.entries(places).map(([name, column]): readonly [string, Column] => [
    `${prefix}${name}`,
    { table, sql: `${table}.${column}`, type }
  ])

const marketing = { emailOptIn: "email_marketing", smsOptIn: "sms_marketing", pushOptIn: "push_notifications" }
const notifications = { orderUpdates: "order_updates", promotions: "promotional_emails", newsletters: "newsletter" }
const privacy = {
  dataSharing: "data_sharing",
  analyticsTracking: "analytics_tracking",
  cookieConsent: "cookie_consent"
}

const addressTexts = {
  type: "type",
  firstName: "first_name",
  lastName: "last_name",
  company: "company",
  street: "address_line_1",
  street2: "address_line_2",
  city: "city",
  state: "state_province",
  zipCode: "postal_code",
  country: "country_code",
  phone: "phone"
}

const columns: ReadonlyMap<string, Column> = new Map<string, Column>([
  // As the unique index has it.
  ["email", { table: "c", sql: `lower(c.email) COLLATE "C"`, type: "email" }],
  ...declare("", "c", "text", { status: "status", type: "customer_type" }),
  ...declare("", "c", "instant", { createdAt: "created_at" }),
  ...declare("profile.", "c", "text", { firstName: "first_name", lastName: "last_name" }),
  ...declare("profile.", "p", "text", { gender: "gender", phone: "phone" }),
  ["profile.avatar", { table: "p", sql: "(p.profile_data ->> 'avatar')", type: "text" }],
  ...declare("profile.", "p", "date", { dateOfBirth: "date_of_birth" }),
  ...declare("preferences.", "r", "text", { language: "language", currency: "currency", timezone: "timezone" }),
  ...declare("preferences.marketing.", "r", "boolean", marketing),
  ...declare("preferences.notifications.", "r", "boolean", notifications),
  ...declare("preferences.privacy.", "r", "boolean", privacy),
  ...declare("address.", "a", "text", addressTexts),
  ...declare("address.", "a", "boolean", { isDefault: "is_default", isVerified: "is_verified" }),
  ...declare("address.", "a", "instant", { createdAt: "created_at", updatedAt: "updated_at" }),
  ...declare("orders.", "m", "integer", { count: "order_count" }),
  ...declare("orders.", "m", "amount", { total: "total_spent", average: "average_order_value" }),
  ...declare("", "m", "instant", { lastOrder: "last_order_at" }),
  ...declare("loyalty.", "m", "integer", { points: "loyalty_points" }),
  ...declare("", "m", "text", { tier: "tier" })
])

/** A shop's own attribute: in which column of JSON, and under which key. */
export interface AttributePlace {
  readonly table: "p" | "r"
  readonly document: string
  readonly key: string
}

/** Where a field is to be looked for; undefined where it is nowhere. */
export type Place =
  | { readonly kind: "column"; readonly column: Column }
  | { readonly kind: "attribute"; readonly attribute: AttributePlace }
  | { readonly kind: "segment" }

const attributePlace = (name: string): AttributePlace | undefined => {
  const attribute = attributeIn(name)
  if (attribute === undefined) return undefined
  return attribute.place === "data"
    ? { table: "p", document: "p.profile_data", key: attribute.key }
    : { table: "r", document: "r.custom_preferences", key: attribute.key }
}

/** Where a field is to be looked for; undefined for a name that no field has. */
export const placeOf = (field: string): Place | undefined => {
  const column = columns.get(field)
  if (column !== undefined) return { kind: "column", column }
  const attribute = attributePlace(field)
  if (attribute !== undefined) return { kind: "attribute", attribute }
  return segmentIn(field) === undefined ? undefined : { kind: "segment" }
}

/** In which table a field is to be looked for; undefined for memberships, and for a name that no field has. */
export const tableOf = (field: string): Column["table"] | undefined => {
  const place = placeOf(field)
  if (place?.kind === "column") return place.column.table
  return place?.kind === "attribute" ? place.attribute.table : undefined
}

const isJoined = (table: Column["table"] | undefined): table is JoinedTable =>
  table === "p" || table === "r" || table === "m"

/** The tables that fields are looked for in, beside `customers c` and those that their conditions bring along. */
export const tablesOf = (fields: ReadonlyArray<string>): ReadonlySet<JoinedTable> =>
  new Set(fields.map(tableOf).filter(isJoined))

/** The joined table in which all of these fields are; undefined where one is elsewhere. */
export const onlyTableOf = (fields: ReadonlyArray<string>): JoinedTable | undefined => {
  const [table, ...others] = new Set(fields.map(tableOf))
  return others.length === 0 && isJoined(table) ? table : undefined
}

const names: Readonly<Record<JoinedTable, string>> = {
  p: "customer_profiles p",
  r: "customer_preferences r",
  m: "customer_metrics m"
}

/** A joined table by its name and its alias. */
export const named = (table: JoinedTable): string => names[table]

/** What the condition of rules that look in these tables is asked of. `sampling` says of which customers, if not of all. */
export const customersWith = (tables: Iterable<JoinedTable>, sampling = ""): string => {
  const joins = [...new Set(tables)].toSorted().map((table) => `JOIN ${names[table]} ON ${table}.customer_id = c.id`)
  return [`customers c${sampling}`, ...joins].join(" ")
}
