package support

// NoticeCase is the Kind of a Notice.
const NoticeCase = "case"

// Event says what happened to a case.
type Event string

// The events that people are told of.
const (
	Created   Event = "created"
	Commented Event = "commented"
	Changed   Event = "changed"
	Attached  Event = "attached"
	// Warned and Breached are told to those who work on the case: a promised time is running out,
	// or is over.
	Warned   Event = "warned"
	Breached Event = "breached"
	// AskRating asks the submitter whether the help was good.
	AskRating Event = "ask_rating"
)

// Notice is the body of a message that makes the mail worker tell one person what happened to a
// case.
type Notice struct {
	Kind   string `json:"kind"`
	Event  Event  `json:"event"`
	OrgID  string `json:"org_id"`
	CaseID string `json:"case_id"`
	// UserID is who is told; ActorName who did it.
	UserID    string `json:"user_id"`
	ActorName string `json:"actor_name"`
	CommentID string `json:"comment_id,omitempty"`
	Internal  bool   `json:"internal,omitempty"`
	// Fields are those that were changed.
	Fields   map[string]Difference `json:"fields,omitempty"`
	FileName string                `json:"file_name,omitempty"`
	// Promise is what comes due: "first_answer" or "solution".
	Promise string `json:"promise,omitempty"`
}
