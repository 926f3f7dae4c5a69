/** Why a service gave no answer. Calls are counted by it: it is of few kinds and says nothing of whom it was about. */
export type Reason =
  | "busy"
  | "circuit open"
  | "connection failed"
  | "connection refused"
  | "no answer in time"
  | "unknown there"
  | "unreadable answer"
  | `status ${number}xx`
