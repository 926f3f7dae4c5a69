import { Context, Layer } from "effect"

/** The requests under way, of which there may be so many at a time. */
export class UnderWay extends Context.Service<UnderWay, { count: number; readonly most: number }>()(
  "@customer-service/http/UnderWay"
) {
  static readonly layer = (most: number) => Layer.sync(UnderWay, () => ({ count: 0, most }))
}
