package support

// NoticeCase is the Kind of a Notice.
const NoticeCase = "case"

// Event says what happened to a case.
type Event string

// The events that people are notified of.
const (
	Created   Event = "created"
	Commented Event = "commented"
	Changed   Event = "changed"
	Attached  Event = "attached"
	// Warned and Breached notify agents that a promised time is running out, or has passed.
	Warned   Event = "warned"
	Breached Event = "breached"
	// AskRating asks the submitter to rate the help.
	AskRating Event = "ask_rating"
)

// Notice is the body of a message that tells the mail worker to notify one person of an event on a
// case.
type Notice struct {
	Kind   string `json:"kind"`
	Event  Event  `json:"event"`
	OrgID  string `json:"org_id"`
	CaseID string `json:"case_id"`
	// UserID is the recipient; ActorName is who caused the event.
	UserID    string `json:"user_id"`
	ActorName string `json:"actor_name"`
	CommentID string `json:"comment_id,omitempty"`
	Internal  bool   `json:"internal,omitempty"`
	// Fields are the changed fields.
	Fields   map[string]Difference `json:"fields,omitempty"`
	FileName string                `json:"file_name,omitempty"`
	// Promise is the service level concerned: "first_answer" or "solution".
	Promise string `json:"promise,omitempty"`
}
