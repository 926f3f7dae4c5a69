import { Result } from "effect"
import type { Change, Circumstances, Customer } from "./Customer.ts"
import { CustomerNotFound, VersionConflict } from "./CustomerErrors.ts"

/** A change that changes nothing: the place where records are put that belong to no change of her own. */
export const unchanged = (customer: Customer): Change => ({ customer, events: [], consents: [] })

/** A caller who expects another version than the current one is told which that is. */
export const expect = (
  customer: Customer,
  expectedVersion: Circumstances["expectedVersion"]
): Result.Result<Customer, VersionConflict> =>
  expectedVersion === undefined || [expectedVersion].flat().includes(customer.version)
    ? Result.succeed(customer)
    : Result.fail(new VersionConflict({ customerId: customer.id, current: customer.version }))

/** A closed account changes no more, and a caller who expects another version is told the current one. */
export const admit = (
  customer: Customer,
  expectedVersion: Circumstances["expectedVersion"]
): Result.Result<Customer, CustomerNotFound | VersionConflict> =>
  customer.status === "inactive"
    ? Result.fail(new CustomerNotFound({ customerId: customer.id }))
    : expect(customer, expectedVersion)
