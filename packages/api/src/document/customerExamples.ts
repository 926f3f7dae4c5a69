import type { CustomerDocument, CustomerChanges, NewCustomer } from "@customer-service/core"

type CustomerJson = typeof CustomerDocument.Encoded

/** A customer of some standing, who came from Magento. */
export const john: CustomerJson = {
  id: "0185b4df-2100-7a3e-9c41-5b2f8d6e1a70",
  legacyId: 4711,
  email: "john.doe@example.com",
  customerType: "individual",
  status: "active",
  emailVerified: true,
  phoneVerified: false,
  registrationSource: "web",
  profile: {
    firstName: "John",
    lastName: "Doe",
    dateOfBirth: "1985-06-15",
    gender: "male",
    phone: "+1-555-0123",
    avatar: "https://cdn.domain.com/avatars/cust_456.jpg"
  },
  segment: {
    tier: "premium",
    segment: "high_value",
    loyaltyPoints: 2500,
    totalSpent: 5420.5,
    orderCount: 23,
    averageOrderValue: 235.67
  },
  preferences: {
    language: "en",
    currency: "USD",
    timezone: "America/New_York",
    marketing: { emailOptIn: true, smsOptIn: false, pushOptIn: true },
    notifications: { orderUpdates: true, promotions: true, newsletters: false },
    privacy: { dataSharing: false, analyticsTracking: true, cookieConsent: false },
    custom: {}
  },
  registrationDate: "2023-01-15T10:00:00.000Z",
  lastLoginAt: "2024-10-29T14:30:00.000Z",
  createdAt: "2023-01-15T10:00:00.000Z",
  updatedAt: "2024-10-29T14:30:00.000Z",
  version: 42
}

/** What John changes. */
export const changesToJohn: typeof CustomerChanges.Encoded = {
  profile: { firstName: "John", lastName: "Doe", phone: "+1-555-0124", dateOfBirth: "1985-06-15" },
  preferences: { language: "en", currency: "USD", marketing: { emailOptIn: true, smsOptIn: true } }
}

/** John after his changes. */
export const johnChanged: CustomerJson = {
  ...john,
  profile: { ...john.profile, phone: "+1-555-0124" },
  preferences: { ...john.preferences, marketing: { emailOptIn: true, smsOptIn: true, pushOptIn: true } },
  updatedAt: "2024-10-30T10:00:00.000Z",
  version: 43
}

/** John after his account was closed. */
export const johnGone: CustomerJson = {
  ...john,
  status: "inactive",
  updatedAt: "2024-10-30T10:00:00.000Z",
  deactivatedAt: "2024-10-30T10:00:00.000Z",
  version: 43
}

/** John once his phone is known to be his. */
export const johnWithPhone: CustomerJson = {
  ...john,
  phoneVerified: true,
  updatedAt: "2024-10-30T10:00:00.000Z",
  version: 43
}

/** John while he is kept out. */
export const johnSuspended: CustomerJson = {
  ...john,
  status: "suspended",
  updatedAt: "2024-10-30T10:00:00.000Z",
  version: 43
}

/** John once he is let in again. */
export const johnReactivated: CustomerJson = { ...john, updatedAt: "2024-10-30T10:00:00.000Z", version: 44 }

/** Where a list that ends with John goes on. */
export const afterJohn = "WzE2NzM3NzY4MDAwMDAsIjAxODViNGRmLTIxMDAtN2EzZS05YzQxLTViMmY4ZDZlMWE3MCJd"

/** What Jane gives of herself. */
export const newJane: typeof NewCustomer.Encoded & { readonly password: string } = {
  email: "jane.smith@example.com",
  password: "securePassword123",
  profile: { firstName: "Jane", lastName: "Smith", phone: "+1-555-0125" },
  preferences: { language: "en", currency: "USD", marketing: { emailOptIn: true } }
}

/** Jane, as she is from then on. */
export const jane: CustomerJson = {
  id: "0192dcde-2900-7b1f-8a64-3e9d5c2b7f46",
  email: "jane.smith@example.com",
  customerType: "individual",
  status: "pending",
  emailVerified: false,
  phoneVerified: false,
  profile: { firstName: "Jane", lastName: "Smith", phone: "+1-555-0125" },
  segment: {
    tier: "regular",
    segment: "new_customer",
    loyaltyPoints: 0,
    totalSpent: 0,
    orderCount: 0,
    averageOrderValue: 0
  },
  preferences: {
    language: "en",
    currency: "USD",
    timezone: "UTC",
    marketing: { emailOptIn: true, smsOptIn: false, pushOptIn: true },
    notifications: { orderUpdates: true, promotions: true, newsletters: true },
    privacy: { dataSharing: false, analyticsTracking: true, cookieConsent: false },
    custom: {}
  },
  registrationDate: "2024-10-30T10:00:00.000Z",
  createdAt: "2024-10-30T10:00:00.000Z",
  updatedAt: "2024-10-30T10:00:00.000Z",
  version: 1
}
