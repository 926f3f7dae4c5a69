import { Schema } from "effect"

/** No segment of this id or name. */
export class SegmentNotFound extends Schema.TaggedError<SegmentNotFound>()("SegmentNotFound", {
  segment: Schema.String
}) {}

/** Another segment has this name already. */
export class SegmentNameTaken extends Schema.TaggedError<SegmentNameTaken>()("SegmentNameTaken", {
  name: Schema.String
}) {}

/** Rules of other segments ask for membership of this one. */
export class SegmentInUse extends Schema.TaggedError<SegmentInUse>()("SegmentInUse", {
  name: Schema.String,
  by: Schema.Array(Schema.String)
}) {}

/** The caller expected another version than the segment has now. */
export class SegmentVersionConflict extends Schema.TaggedError<SegmentVersionConflict>()("SegmentVersionConflict", {
  name: Schema.String,
  current: Schema.Int
}) {}

/** There are as many segments as there may be. */
export class SegmentLimitExceeded extends Schema.TaggedError<SegmentLimitExceeded>()("SegmentLimitExceeded", {
  limit: Schema.Int
}) {}

/** Whom a rule fits could not be counted within the time that a preview is given. */
export class PreviewTooSlow extends Schema.TaggedError<PreviewTooSlow>()("PreviewTooSlow", {
  seconds: Schema.Finite
}) {}
