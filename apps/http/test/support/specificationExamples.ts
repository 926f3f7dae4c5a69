/** The specification's examples, letter by letter. Its ids stand for any id. */

export const createBody = `{
  "email": "jane.smith@example.com",
  "password": "securePassword123",
  "profile": {
    "firstName": "Jane",
    "lastName": "Smith",
    "phone": "+1-555-0125"
  },
  "preferences": {
    "language": "en",
    "currency": "USD",
    "marketing": {
      "emailOptIn": true
    }
  }
}`

export const updateBody = `{
  "profile": {
    "firstName": "John",
    "lastName": "Doe",
    "phone": "+1-555-0124",
    "dateOfBirth": "1985-06-15"
  },
  "preferences": {
    "language": "en",
    "currency": "USD",
    "marketing": {
      "emailOptIn": true,
      "smsOptIn": true
    }
  }
}`

export const customerAnswer = {
  success: true,
  data: {
    customer: {
      id: "cust_456",
      email: "john.doe@example.com",
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
        marketing: {
          emailOptIn: true,
          smsOptIn: false,
          pushOptIn: true
        },
        notifications: {
          orderUpdates: true,
          promotions: true,
          newsletters: false
        }
      },
      status: "active",
      registrationDate: "2023-01-15T10:00:00Z",
      lastLoginAt: "2024-10-29T14:30:00Z",
      createdAt: "2023-01-15T10:00:00Z",
      updatedAt: "2024-10-29T14:30:00Z"
    }
  }
}

export const addressesAnswer = {
  success: true,
  data: {
    addresses: [
      {
        id: "addr_123",
        type: "shipping",
        isDefault: true,
        firstName: "John",
        lastName: "Doe",
        company: "",
        street: "123 Main St",
        street2: "Apt 4B",
        city: "New York",
        state: "NY",
        zipCode: "10001",
        country: "US",
        phone: "+1-555-0123",
        createdAt: "2023-01-15T10:00:00Z"
      },
      {
        id: "addr_124",
        type: "billing",
        isDefault: true,
        firstName: "John",
        lastName: "Doe",
        street: "456 Business Ave",
        city: "New York",
        state: "NY",
        zipCode: "10002",
        country: "US",
        createdAt: "2023-02-01T10:00:00Z"
      }
    ]
  }
}

/** An address of the example as a caller sends it: without what the service gives. */
export const addressBody = (index: 0 | 1): Readonly<Record<string, unknown>> => {
  const { createdAt: _createdAt, id: _id, ...given } = addressesAnswer.data.addresses[index] ?? {}
  return given
}
