import type { AddressBook } from "@customer-service/core"

type AddressJson = typeof AddressBook.Address.Encoded

/** What a customer gives as her address. */
export const newHome: typeof AddressBook.NewAddress.Encoded = {
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
  phone: "+1-555-0123"
}

/** Where John lives. */
export const home: AddressJson = {
  id: "0185b4df-2100-7c55-8e02-d94a7b3c6f18",
  type: "shipping",
  isDefault: true,
  isVerified: false,
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
  createdAt: "2023-01-15T10:00:00.000Z",
  updatedAt: "2023-01-15T10:00:00.000Z"
}

/** Where John's bills go. */
export const office: AddressJson = {
  id: "01860c6b-3d00-7d12-b3a7-48f1e6c09d25",
  type: "billing",
  isDefault: true,
  isVerified: false,
  firstName: "John",
  lastName: "Doe",
  street: "456 Business Ave",
  city: "New York",
  state: "NY",
  zipCode: "10002",
  country: "US",
  createdAt: "2023-02-01T10:00:00.000Z",
  updatedAt: "2023-02-01T10:00:00.000Z"
}

/** What John changes about his home. */
export const changesToHome: typeof AddressBook.AddressChanges.Encoded = { street2: null, phone: "+1-555-0124" }

const { street2: _street2, ...homeWithoutSecondLine } = home

/** John's home after his changes. */
export const homeChanged: AddressJson = {
  ...homeWithoutSecondLine,
  phone: "+1-555-0124",
  updatedAt: "2024-10-30T10:00:00.000Z"
}
