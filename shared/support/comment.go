package support

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support/attachment"
	"github.com/tenantry/tenantry/shared/support/desk"
)

// maxComments is the maximum number of comments on a case.
const maxComments = 5000

// Comment is a comment on a case.
type Comment struct {
	ID     string `json:"id"`
	Author Party  `json:"author"`
	Text   string `json:"text"`
	// Internal comments are notes that only agents can see.
	Internal bool `json:"internal,omitempty"`
	// Door is "api" or "mail". Automatic is set for text that a mail program generated.
	Door      string `json:"door"`
	Automatic bool   `json:"automatic,omitempty"`
	// Trimmed is set if quoted text or a signature was cut off; the full text is stored separately.
	Trimmed bool   `json:"trimmed,omitempty"`
	RawKey  string `json:"raw_key,omitempty"`
	// RawSize is how much the raw mail counts in the storage of the organization, in bytes.
	RawSize int64 `json:"raw_size,omitempty"`
	// Merged is the case that was merged into this one, if the comment is about a merge.
	Merged *Link             `json:"merged,omitempty"`
	Files  []attachment.File `json:"files,omitempty"`
	// Created is in microseconds since 1970.
	Created int64 `json:"created"`
	// Warning is set on a comment just added if the submitter was not notified of it. It is for the
	// agent who added the comment, and is not stored, because the history has it.
	Warning string `json:"-"`
}

// forCustomer hides an agent's address.
func (c Comment) forCustomer() Comment {
	c.Author = c.Author.forCustomer()
	return c
}

// loggable returns the comment for the audit log, which customers can read: without what only
// agents may see, and without storage keys.
func (c Comment) loggable() Comment {
	c = c.forCustomer()
	c.RawKey, c.RawSize, c.Files = "", 0, slices.Clone(c.Files)
	for i := range c.Files {
		c.Files[i] = c.Files[i].Loggable()
	}
	return c
}

// NewComment is a request to add a comment.
type NewComment struct {
	Text     string
	Internal bool
	// AnswerID is a prepared answer to use as the text; Text is empty then.
	AnswerID string
	// Status is the state to move the case to; "" leaves it as it is.
	Status Status
	// Files are attachments stored with StoreFile.
	Files []attachment.File
}

// AddComment adds a comment to a case. Files without a text are a comment that names them. A
// customer's comment reopens a pending, solved or closed case. Internal comments are for agents.
func (s *Service) AddComment(
	ctx context.Context,
	by identity.Principal,
	orgID, caseID string,
	request NewComment,
) (Case, Comment, error) {
	if request.AnswerID != "" {
		if request.Text != "" {
			return Case{}, Comment{}, fault.InField("answer_id", "replaces the comment: give only one of the two")
		}
		var err error
		if request.Text, err = s.FilledAnswer(ctx, by, orgID, caseID, request.AnswerID); err != nil {
			return Case{}, Comment{}, err
		}
	}
	if len(request.Files) > 0 && strings.TrimSpace(request.Text) == "" {
		request.Text = attached(request.Files)
	}
	return s.addComment(ctx, by, orgID, caseID, request, Origin{Action: "cases.comment", Files: request.Files})
}

// attached is the text of a comment that has only files.
func attached(files []attachment.File) string {
	names := make([]string, len(files))
	for i, file := range files {
		names[i] = file.Name
	}
	return "Attached " + strings.Join(names, ", ")
}

func (s *Service) addComment(
	ctx context.Context,
	by identity.Principal,
	orgID, caseID string,
	request NewComment,
	from Origin,
) (Case, Comment, error) {
	if err := identity.CheckParagraphs("comment", request.Text, 1, desk.MaxText); err != nil {
		return Case{}, Comment{}, err
	}
	for attempt := 0; ; attempt++ {
		opened, _, err := s.Open(ctx, by, orgID, caseID, identity.OpenCases)
		if err != nil {
			return Case{}, Comment{}, err
		}
		c, comment, err := s.CommitComment(ctx, by, opened, request, from)
		if Again(ctx, err, attempt) {
			continue // a comment does not depend on other changes: add it to the present case
		}
		opened.Reader.comment(&comment)
		if opened.Reader.Masked {
			comment.Warning = maskSentence(comment.Warning, nil)
		}
		return View(by, opened.Place, c), comment, Busy(err)
	}
}

// CommitComment commits a comment on an opened case; origin says how it arrived and what to commit
// with it.
func (s *Service) CommitComment(
	ctx context.Context,
	by identity.Principal,
	opened Opened,
	request NewComment,
	from Origin,
) (Case, Comment, error) {
	if request.Internal && !opened.Answers {
		return Case{}, Comment{}, fault.New(
			fault.Forbidden,
			"Internal notes are for those who work on the case for the provider.",
		)
	}
	if opened.Comments >= maxComments {
		return Case{}, Comment{}, Full("comments", maxComments)
	}
	if opened.Files+len(from.Files) > MaxFiles {
		return Case{}, Comment{}, Full("attachments", MaxFiles)
	}
	comment := Comment{
		ID:        s.journal.NewID(),
		Author:    partyOf(by, opened.Place),
		Text:      request.Text,
		Internal:  request.Internal,
		Door:      by.Door,
		Automatic: from.Automatic,
		Trimmed:   from.Whole != "",
		RawKey:    from.RawKey,
		RawSize:   from.RawSize,
		Files:     slices.Clone(from.Files),
		Created:   s.journal.Now().UnixMicro(),
	}
	for i := range comment.Files {
		comment.Files[i].Internal = request.Internal
	}
	from.Files = slices.Clone(comment.Files)
	comment.Files = append(comment.Files, from.Repeated...)
	after := opened.Case
	after.Comments++
	after.Files += len(from.Files)
	if opened.MergedInto != nil {
		return Case{}, Comment{}, fault.New(
			fault.Conflict,
			"The case was merged into case %d. Write to that case.",
			opened.MergedInto.Number,
		)
	}
	var setting desk.Setting
	reopens := !opened.Agent && !from.Automatic && (after.Status == Pending || after.Status.Done())
	if reopens && opened.Closed > 0 {
		var err error
		if setting, err = s.desk.Load(ctx, opened.Org.MSPID); err != nil {
			return Case{}, Comment{}, err
		}
	}
	if reopens {
		if !opened.reopens(s.journal.Now(), setting.ReopenDays) {
			return Case{}, Comment{}, closedLongAgo(opened.Case, setting.ReopenDays)
		}
		after.setStatus(Open, s.journal.Now(), 0)
		if err := s.keepAssignee(ctx, opened, &after); err != nil {
			return Case{}, Comment{}, err
		}
	}
	if request.Status != "" {
		if err := s.applyState(ctx, opened, &after, CaseChange{Status: &request.Status}); err != nil {
			return Case{}, Comment{}, err
		}
	}
	if from.Edit != nil {
		from.Edit(&after)
	}
	writes, err := commentWrites(after, comment, from)
	if err != nil {
		return Case{}, Comment{}, err
	}
	what, shown := "Commented on", any(comment.loggable())
	if request.Internal {
		// Customers can read the organization's log, so it has neither the text of a note nor the
		// address of an agent.
		what, shown = "Wrote an internal note on", nil
	}
	u := Update{
		Before: &opened.Case, After: after, Org: &opened.Org,
		Record: change.Record{
			Action: from.Action, Message: fmt.Sprintf("%s case %d", what, after.Number), After: shown, Writes: writes,
			Internal: request.Internal,
		},
		Notice: Notice{
			Event: Commented, ActorName: by.Name(), ActorSide: sideOf(by, opened.Place), CommentID: comment.ID,
			Internal: request.Internal,
		},
		stores:   from.stores(opened.Org),
		answered: opened.Agent && !request.Internal && !from.Automatic,
	}
	if from.Automatic || from.Quiet {
		u.Notice = Notice{}
	}
	if after.Status != opened.Status {
		fields := map[string]Difference{"status": {Before: opened.Status, After: after.Status}}
		if opened.Assignee.PartyID() != after.Assignee.PartyID() {
			fields["assignee"] = Difference{Before: opened.Assignee.name(), After: after.Assignee.name()}
		}
		entry, err := s.history(by, opened.Place, after, fields)
		if err != nil {
			return Case{}, Comment{}, err
		}
		u.Record.Writes = append(u.Record.Writes, entry)
	}
	if u.answered {
		if comment.Warning, err = s.unreached(ctx, opened); err != nil {
			return Case{}, Comment{}, err
		}
		if comment.Warning != "" {
			entry, err := s.internalEntry(after, map[string]Difference{
				notNotified: {Before: "", After: comment.Warning},
			})
			if err != nil {
				return Case{}, Comment{}, err
			}
			u.Record.Writes = append(u.Record.Writes, entry)
		}
	}
	c, err := s.commit(ctx, by, u)
	return c, comment, err
}

// wholeText is the full text of a mail.
type wholeText struct {
	Text string `json:"text"`
}

func commentWrites(c Case, comment Comment, from Origin) ([]table.Write, error) {
	item, err := change.Encode(CaseKey(c.OrgID, c.ID, CommentSort+comment.ID), comment)
	if err != nil {
		return nil, err
	}
	writes := append([]table.Write{table.Create(item)}, from.Writes...)
	if from.Whole != "" {
		whole, err := change.Encode(CaseKey(c.OrgID, c.ID, wholeSort+comment.ID), wholeText{Text: from.Whole})
		if err != nil {
			return nil, err
		}
		writes = append(writes, table.Create(whole))
	}
	files, err := c.fileWrites(from.Files)
	if err != nil || from.Also == nil {
		return append(writes, files...), err
	}
	also, err := from.Also(c, from.Files)
	return append(append(writes, files...), also...), err
}
