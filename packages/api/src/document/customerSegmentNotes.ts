import type { InputIssue } from "@customer-service/core"
import {
  afterMemberJohn,
  faithful,
  faithfulChanged,
  faithfulLeaving,
  faithfulMade,
  faithfulMembers,
  fitting,
  friends,
  friendship,
  johnBefriended,
  johnExplained,
  johnsMemberships,
  newFaithful,
  stricter,
  triedRule
} from "./customerSegmentExamples.ts"
import { created, type OperationNote, versioned } from "./OperationNote.ts"

const unreadable: ReadonlyArray<InputIssue> = [{ path: "segmentId", message: "is not readable text" }]
const wrongText: ReadonlyArray<InputIssue> = [
  { path: "rule", message: "column 6: must be one of =, !=, in, exists, contains, startsWith" }
]

/** The operations on segments and on who belongs to them. */
export const customerSegmentNotes: Readonly<Record<string, OperationNote>> = {
  listSegments: {
    answer: { description: "The segments by name.", data: { segments: [faithful, friends] } }
  },
  createSegment: {
    request: newFaithful,
    answer: {
      description: "The segment, which fills in the background.",
      data: { segment: faithfulMade },
      headers: created
    },
    invalid: wrongText
  },
  readSegment: {
    answer: { description: "The segment.", data: { segment: faithful }, headers: versioned },
    invalid: unreadable
  },
  changeSegment: {
    request: stricter,
    answer: {
      description: "The segment after the changes; memberships follow in the background.",
      data: { segment: faithfulChanged },
      headers: versioned
    },
    invalid: [{ path: "rule.all.0.value", message: "must be a number between -1e15 and 1e15" }]
  },
  removeSegment: {
    answer: {
      description: "The segment, which is gone once its members have left.",
      data: { segment: faithfulLeaving },
      headers: versioned
    },
    invalid: unreadable
  },
  previewRule: {
    request: triedRule,
    answer: { description: "How many customers the rule fits, and some of them.", data: fitting },
    invalid: wrongText
  },
  listSegmentMembers: {
    answer: {
      description: "One page of members; `page.nextCursor` is absent on the last.",
      data: { members: faithfulMembers, page: { nextCursor: afterMemberJohn } }
    },
    invalid: [{ path: "cursor", message: "is not a cursor of this service" }]
  },
  listMemberships: {
    answer: { description: "The segments that she belongs to, by name.", data: { segments: johnsMemberships } }
  },
  decideMembership: {
    request: friendship,
    answer: {
      description: "The segments that she belongs to from now on, by name.",
      data: { segments: johnBefriended },
      headers: versioned
    },
    invalid: [{ path: "expiresAt", message: "must be in the future" }]
  },
  explainMembership: {
    answer: { description: "Why she belongs to the segment, or does not.", data: { explanation: johnExplained } },
    invalid: unreadable
  }
}
