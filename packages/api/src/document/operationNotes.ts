import type { InputIssue } from "@customer-service/core"
import { changesToHome, home, homeChanged, newHome, office } from "./addressExamples.ts"
import { accountNotes } from "./accountNotes.ts"
import { analyticsNotes } from "./analyticsNotes.ts"
import { authNotes } from "./authNotes.ts"
import { afterJohn, changesToJohn, jane, john, johnChanged, johnGone, newJane } from "./customerExamples.ts"
import { customerSegmentNotes } from "./customerSegmentNotes.ts"
import { created, type OperationNote, versioned } from "./OperationNote.ts"
import { privacyNotes } from "./privacyNotes.ts"
import { segmentNotes } from "./segmentNotes.ts"
import { timelineNotes } from "./timelineNotes.ts"

const wrongZipCode: ReadonlyArray<InputIssue> = [{ path: "zipCode", message: "must be a postal code of US" }]
const wrongAddressId: ReadonlyArray<InputIssue> = [{ path: "addressId", message: "must be a UUID" }]

/** Every operation by its id. */
export const operationNotes: Readonly<Record<string, OperationNote>> = {
  createCustomer: {
    request: newJane,
    answer: { description: "The customer as she is from now on.", data: { customer: jane }, headers: created }
  },
  listCustomers: {
    answer: {
      description: "One page of customers; `page.nextCursor` is absent on the last.",
      data: { customers: [john], page: { nextCursor: afterJohn } }
    },
    invalid: [{ path: "limit", message: "must be a whole number from 1 to 200" }]
  },
  getCustomer: {
    answer: { description: "The customer.", data: { customer: john }, headers: versioned }
  },
  updateCustomer: {
    request: changesToJohn,
    answer: { description: "The customer after the changes.", data: { customer: johnChanged }, headers: versioned }
  },
  deactivateCustomer: {
    answer: { description: "The customer as she was closed.", data: { customer: johnGone }, headers: versioned }
  },
  listAddresses: {
    answer: { description: "The address book, oldest first.", data: { addresses: [home, office] }, headers: versioned }
  },
  addAddress: {
    request: newHome,
    answer: { description: "The address as it stands in the book.", data: { address: home }, headers: created },
    invalid: wrongZipCode
  },
  getAddress: {
    answer: { description: "The address.", data: { address: home }, headers: versioned },
    invalid: wrongAddressId
  },
  updateAddress: {
    request: changesToHome,
    answer: { description: "The address after the changes.", data: { address: homeChanged }, headers: versioned },
    invalid: wrongZipCode
  },
  removeAddress: {
    answer: { description: "The addresses that are left.", data: { addresses: [office] }, headers: versioned },
    invalid: wrongAddressId
  },
  ...authNotes,
  ...accountNotes,
  ...privacyNotes,
  ...segmentNotes,
  ...customerSegmentNotes,
  ...analyticsNotes,
  ...timelineNotes
}
