import type {
  AddressBookChanged,
  CustomerCreated,
  CustomerDeactivated,
  CustomerErased,
  CustomerProfileUpdated,
  CustomerReactivated,
  CustomerSegmentChanged,
  EventDeadLettered
} from "@customer-service/core"
import { home } from "../../src/document/addressExamples.ts"
import { john, johnChanged } from "../../src/document/customerExamples.ts"
import type { PublishedExample } from "./envelope.ts"

type DataOf<Event extends { readonly Encoded: object }> = Omit<Event["Encoded"], "_tag">

const customerId = john.id
const timestamp = "2024-10-30T10:00:00.000Z"

const published = <Data>(
  eventType: string,
  end: string,
  data: Data,
  correlationId: string
): PublishedExample<Data> => ({
  eventId: `0192dcde-3100-7f00-8000-${end}`,
  eventType,
  version: "1.0",
  timestamp,
  source: "customer-service",
  data,
  metadata: { correlationId }
})

const createdData: DataOf<typeof CustomerCreated> = {
  customerId,
  email: john.email,
  profile: { firstName: "John", lastName: "Doe" },
  segment: { tier: "regular", segment: "new_customer" },
  registrationDate: timestamp
}

const updatedData: DataOf<typeof CustomerProfileUpdated> = {
  customerId,
  version: 43,
  changed: ["profile.phone", "preferences.marketing.smsOptIn"],
  profile: johnChanged.profile,
  preferences: johnChanged.preferences,
  updatedAt: timestamp
}

const deactivatedData: DataOf<typeof CustomerDeactivated> = { customerId, version: 43, deactivatedAt: timestamp }

const reactivatedData: DataOf<typeof CustomerReactivated> = {
  customerId,
  version: 44,
  status: "active",
  reactivatedAt: timestamp
}

const erasedData: DataOf<typeof CustomerErased> = { customerId, version: 44, erasedAt: timestamp }

const addressesData: DataOf<typeof AddressBookChanged> = {
  customerId,
  version: 43,
  addresses: [{ ...home, createdAt: timestamp, updatedAt: timestamp }],
  updatedAt: timestamp
}

const segmentData: DataOf<typeof CustomerSegmentChanged> = {
  customerId,
  version: 43,
  change: "tier",
  from: "premium",
  to: "vip",
  reason: "totalSpent 10020.50 >= 10000"
}

const deadLetterData: typeof EventDeadLettered.Encoded = {
  deadLetterId: "0192dcde-3100-7d1c-9a03-4f8b2e6c7d15",
  topic: "orders.order.completed",
  eventId: "evt_order_123",
  reason: "other_currency",
  detail: "neither total nor baseTotal is in USD"
}

/** Each event as it is published. */
export const examples = {
  CustomerCreated: published("CustomerCreated", "000000000001", createdData, "corr_registration_123"),
  CustomerProfileUpdated: published("CustomerProfileUpdated", "000000000002", updatedData, "corr_profile_123"),
  CustomerDeactivated: published("CustomerDeactivated", "000000000003", deactivatedData, "corr_deactivation_123"),
  CustomerReactivated: published("CustomerReactivated", "000000000004", reactivatedData, "corr_reactivation_123"),
  CustomerErased: published("CustomerErased", "000000000005", erasedData, "corr_erasure_123"),
  AddressBookChanged: published("AddressBookChanged", "000000000006", addressesData, "corr_address_123"),
  CustomerSegmentChanged: published("CustomerSegmentChanged", "000000000007", segmentData, "corr_order_123"),
  EventDeadLettered: published("EventDeadLettered", "000000000008", deadLetterData, "corr_order_124")
} as const
