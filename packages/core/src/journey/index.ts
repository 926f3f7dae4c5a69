export * as CustomerTimeline from "./CustomerTimeline.ts"
export {
  auditDetails,
  detailsOf,
  type TimelineActor,
  TimelineDetails,
  type TimelineEntry,
  tellingParts
} from "./TimelineEntry.ts"
export * as TimelinePages from "./timelinePages.ts"
export * as Timelines from "./Timelines.ts"
