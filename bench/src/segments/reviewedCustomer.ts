import { Customer } from "@customer-service/core"
import { Schema } from "effect"

const dayMillis = 24 * 3600 * 1000

const daysAgo = (days: number): string => new Date(Date.now() - days * dayMillis).toISOString()

const address = (place: number, country: string, city: string) => ({
  id: `018f0000-0000-7000-9000-00000000000${place}`,
  type: place === 2 ? "billing" : "shipping",
  firstName: "Grace",
  lastName: "Hopper",
  street: `${place} Main Street`,
  city,
  zipCode: "10001",
  country,
  phone: "+1-202-555-0143",
  isDefault: place < 3,
  isVerified: place === 1,
  createdAt: daysAgo(700),
  updatedAt: daysAgo(100)
})

const standingOf = (orderCount: number) => ({
  tier: "premium",
  segment: "regular",
  loyaltyPoints: 60 * orderCount,
  totalSpent: 160 * orderCount,
  orderCount,
  averageOrderValue: 160
})

/** A customer of two years who has ordered so often, with all that a shop may know of her. */
export const customerWithOrders = (orderCount: number): Customer =>
  Schema.decodeUnknownSync(Customer)({
    id: "018f0000-0000-7000-8000-000000000001",
    email: "grace.hopper@example.com",
    customerType: "individual",
    status: "active",
    emailVerified: true,
    phoneVerified: true,
    registrationSource: "web",
    profile: {
      firstName: "Grace",
      lastName: "Hopper",
      dateOfBirth: "1986-12-09",
      gender: "female",
      phone: "+1-202-555-0143",
      avatar: "https://images.example.com/avatars/1.jpg",
      data: { loyaltyCard: "LC1", shoeSize: 41, club: "gold", store: "Springfield" }
    },
    segment: standingOf(orderCount),
    preferences: {
      language: "de",
      currency: "EUR",
      timezone: "Europe/Berlin",
      marketing: { emailOptIn: true, smsOptIn: false, pushOptIn: true },
      notifications: { orderUpdates: true, promotions: true, newsletters: true },
      privacy: { dataSharing: false, analyticsTracking: true, cookieConsent: true },
      custom: { theme: "dark", favouriteColour: "green" }
    },
    addresses: [address(1, "US", "Springfield"), address(2, "DE", "Berlin"), address(3, "FR", "Paris")],
    registrationDate: daysAgo(730),
    lastLoginAt: daysAgo(2),
    createdAt: daysAgo(730),
    updatedAt: daysAgo(2),
    version: 42
  })
