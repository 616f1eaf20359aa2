package cases

import (
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/attachment"
)

// Case is a case as clients see it in lists and responses.
type Case struct {
	ID             string        `json:"id"`
	CaseNumber     int64         `json:"case_number" doc:"The number by which people refer to the case."`
	OrgID          string        `json:"org_id"`
	Subject        string        `json:"subject"`
	Type           string        `json:"type" doc:"One of the provider's list, as in issue, bug, feature_request, question."`
	Severity       int           `json:"severity" doc:"1 (most urgent) to 4."`
	Status         string        `json:"status" doc:"open, pending, hold, solved or closed."`
	Requester      string        `json:"requester" doc:"The name of the person who opened the case."`
	RequesterEmail string        `json:"requester_email,omitempty"`
	SubmitterID    string        `json:"submitter_id"`
	Assignee       *Person       `json:"assignee,omitempty" doc:"Who works on it for the provider."`
	CreatedAt      int64         `json:"created_at" doc:"Epoch seconds."`
	UpdatedAt      int64         `json:"updated_at" doc:"Epoch seconds."`
	Component      string        `json:"component,omitempty"`
	Reason         string        `json:"reason,omitempty" doc:"One of the provider's list, as in configuration, documentation, installation, traffic, upgrade."`
	Version        string        `json:"version,omitempty" doc:"The version of the software concerned."`
	Environment    string        `json:"environment,omitempty" doc:"One of the provider's list, as in all, apic, aws, bare_metal, cloudstack, openstack, vmware."`
	CustomTag      string        `json:"custom_tag,omitempty"`
	Watchers       []Person      `json:"watchers,omitempty" doc:"Who else is notified of every change."`
	CC             []string      `json:"cc,omitempty" doc:"Addresses of people without an account who are notified of every change."`
	Links          []Link        `json:"links,omitempty" doc:"Related cases of the organization."`
	MergedInto     *Link         `json:"merged_into,omitempty" doc:"The case that this one was merged into."`
	Archived       bool          `json:"archived,omitempty"`
	SolvedAt       int64         `json:"solved_at,omitempty" doc:"Epoch seconds."`
	ClosedAt       int64         `json:"closed_at,omitempty" doc:"Epoch seconds."`
	DeletedAt      int64         `json:"deleted_at,omitempty" doc:"Epoch seconds; the case can be restored for 30 days from then."`
	ReturnAt       int64         `json:"return_at,omitempty" doc:"When a waiting case reopens automatically, in epoch seconds; agents only."`
	ServiceLevel   *ServiceLevel `json:"service_level,omitempty" doc:"The state of the service level; agents only."`
	Rating         *Rating       `json:"rating,omitempty" doc:"The submitter's rating of the help."`
	CloseAt        int64         `json:"close_at,omitempty" doc:"When a solved case closes automatically, in epoch seconds."`
	Revision       int64         `json:"revision,omitempty" doc:"Grows with every change. Send it with a change to detect concurrent changes."`

	// CCFailures lists the addresses of CC that no mail is sent to.
	CCFailures map[string]string `json:"cc_mail_failures,omitempty" doc:"The addresses of cc that mail cannot reach, with the reason; no mail is sent to them."`
}

// Link points to another case of the same organization.
type Link struct {
	Kind       string `json:"kind" doc:"What the other case is to this one: related, parent, child, duplicates, duplicated_by, follows, followed_by, split_from, split_into, merged or merged_into."`
	CaseID     string `json:"case_id"`
	CaseNumber int64  `json:"case_number"`
}

func linkOf(l support.Link) Link {
	return Link{Kind: string(l.Kind), CaseID: l.CaseID, CaseNumber: l.Number}
}

// Person is a person as recorded on a case.
type Person struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email,omitempty" doc:"Customers do not see the addresses of those who work for the provider."`
}

func personOf(p support.Party) Person { return Person{ID: p.ID, Name: p.Name, Email: p.Email} }

func caseOf(c support.Case) Case {
	shown := SummaryOf(c.Summary())
	shown.Revision = c.Revision
	for _, watcher := range c.Watchers {
		shown.Watchers = append(shown.Watchers, personOf(watcher))
	}
	for _, copied := range c.CC {
		shown.CC = append(shown.CC, copied.Email)
		if copied.MailFailure == "" {
			continue
		}
		if shown.CCFailures == nil {
			shown.CCFailures = map[string]string{}
		}
		shown.CCFailures[copied.Email] = copied.MailFailure
	}
	for _, link := range c.Links {
		shown.Links = append(shown.Links, linkOf(link))
	}
	if c.MergedInto != nil {
		into := linkOf(*c.MergedInto)
		shown.MergedInto = &into
	}
	shown.ServiceLevel, shown.Rating = serviceLevelOf(c.Clock), ratingOf(c.Rating)
	shown.ReturnAt, shown.CloseAt = seconds(c.ReturnAt), seconds(c.CloseAt)
	return shown
}

// SummaryOf converts a case as shown in lists.
func SummaryOf(l support.Summary) Case {
	shown := Case{
		ID:             l.ID,
		CaseNumber:     l.Number,
		OrgID:          l.OrgID,
		Subject:        l.Subject,
		Type:           l.Type,
		Severity:       l.Severity,
		Status:         string(l.Status),
		Component:      l.Component,
		Reason:         l.Reason,
		Version:        l.Version,
		Environment:    l.Environment,
		CustomTag:      l.CustomTag,
		Archived:       l.Archived,
		SolvedAt:       seconds(l.Solved),
		ClosedAt:       seconds(l.Closed),
		DeletedAt:      seconds(l.Deleted),
		Requester:      l.Submitter.Name,
		RequesterEmail: l.Submitter.Email,
		SubmitterID:    l.Submitter.ID,
		CreatedAt:      seconds(l.Created),
		UpdatedAt:      seconds(l.Updated),
	}
	if l.Assignee != nil {
		assignee := personOf(*l.Assignee)
		shown.Assignee = &assignee
	}
	return shown
}

func seconds(micros int64) int64 { return micros / 1_000_000 }

// Comment is a comment as clients see it.
type Comment struct {
	ID            string       `json:"id"`
	Author        string       `json:"author"`
	AuthorEmail   string       `json:"author_email,omitempty"`
	AuthorID      string       `json:"author_id"`
	AuthorSide    string       `json:"author_side,omitempty" doc:"support or customer: whose side the author was on; absent for the platform itself."`
	Comment       string       `json:"comment"`
	Internal      bool         `json:"internal,omitempty" doc:"Set for internal notes of the provider's staff."`
	Door          string       `json:"door" doc:"How it arrived: api or mail."`
	Automatic     bool         `json:"automatic,omitempty" doc:"Set for automatic replies."`
	MergedCase    *Link        `json:"merged_case,omitempty" doc:"The case that was merged into this one, if the comment is about a merge."`
	Trimmed       bool         `json:"trimmed,omitempty" doc:"Set if quoted text or a signature was cut off; reading the comment returns the full text."`
	CreatedAt     int64        `json:"created_at" doc:"Epoch seconds."`
	AttachmentIDs []string     `json:"attachment_ids,omitempty"`
	Attachments   []Attachment `json:"attachments,omitempty"`
	Warning       string       `json:"warning,omitempty" doc:"Why the submitter was not notified; only in the response that adds the comment."`
}

func commentOf(c support.Comment) Comment {
	shown := Comment{
		ID:          c.ID,
		Author:      c.Author.Name,
		AuthorEmail: c.Author.Email,
		AuthorID:    c.Author.ID,
		AuthorSide:  string(c.Author.Side()),
		Comment:     c.Text,
		Internal:    c.Internal,
		Door:        c.Door,
		Automatic:   c.Automatic,
		Trimmed:     c.Trimmed,
		CreatedAt:   seconds(c.Created),
		Warning:     c.Warning,
	}
	if c.Merged != nil {
		merged := linkOf(*c.Merged)
		shown.MergedCase = &merged
	}
	for _, file := range c.Files {
		shown.AttachmentIDs = append(shown.AttachmentIDs, file.ID)
		shown.Attachments = append(shown.Attachments, attachmentOf(file))
	}
	return shown
}

// Attachment is a file of a case as clients see it.
type Attachment struct {
	ID          string `json:"id"`
	FileName    string `json:"file_name"`
	ContentType string `json:"content_type"`
	ContentURL  string `json:"content_url,omitempty" doc:"Where the file can be fetched, for five minutes; given when one attachment is read."`
	SizeInBytes int64  `json:"size_in_bytes"`
	SHA256      string `json:"sha256" doc:"The checksum of the content, in hexadecimal."`
	Inline      bool   `json:"inline,omitempty" doc:"Set for a picture shown in the text of a mail."`
	Internal    bool   `json:"internal,omitempty"`
	Suspicious  bool   `json:"suspicious,omitempty" doc:"Set if the file is mislabeled: it is really a program, a web page or a script."`
	CreatedAt   int64  `json:"created_at" doc:"Epoch seconds."`
}

func attachmentOf(f attachment.File) Attachment {
	return Attachment{
		ID: f.ID, FileName: f.Name, ContentType: f.ContentType, SizeInBytes: f.Size, SHA256: f.SHA256,
		Inline: f.Inline, Internal: f.Internal, Suspicious: f.Suspicious, CreatedAt: seconds(f.Created),
	}
}

// Change is one change of a case's fields.
type Change struct {
	ID              string                `json:"id"`
	Author          string                `json:"author"`
	AuthorID        string                `json:"author_id"`
	AuthorSide      string                `json:"author_side,omitempty" doc:"support or customer, as in a comment."`
	CreatedAt       int64                 `json:"created_at" doc:"Epoch seconds."`
	Fields          map[string]Difference `json:"fields" doc:"Each changed field, before and after."`
	QuarantinedMail *QuarantinedMail      `json:"quarantined_mail,omitempty" doc:"The mail that the entry is about, if one to the case was quarantined; for agents."`
}

// QuarantinedMail is a mail to a case that was quarantined.
type QuarantinedMail struct {
	MailID      string `json:"mail_id"`
	Reason      string `json:"reason"`
	From        string `json:"from" doc:"The address that the mail names as its sender."`
	Subject     string `json:"subject"`
	PersonID    string `json:"person_id,omitempty" doc:"The person whose reply address it was sent to."`
	Releasable  bool   `json:"releasable" doc:"Whether agents of the case can release it."`
	Confirmable bool   `json:"confirmable" doc:"Whether they can release it by confirming that the sender's address is a person's."`
	Released    bool   `json:"released" doc:"Set in the entry about its release."`
}

// Difference is a field before and after a change.
type Difference struct {
	Before any `json:"before"`
	After  any `json:"after"`
}

func changeOf(h support.HistoryEntry) Change {
	shown := Change{
		ID:         h.ID,
		Author:     h.Author.Name,
		AuthorID:   h.Author.ID,
		AuthorSide: string(h.Author.Side()),
		CreatedAt:  seconds(h.Created),
		Fields:     map[string]Difference{},
	}
	for name, difference := range h.Fields {
		shown.Fields[name] = Difference(difference)
	}
	if mail := h.QuarantinedMail; mail != nil {
		shown.QuarantinedMail = &QuarantinedMail{
			MailID: mail.ID, Reason: mail.Reason, From: mail.From, Subject: mail.Subject,
			PersonID: mail.PersonID, Releasable: mail.Releasable, Confirmable: mail.Confirmable,
			Released: mail.Released,
		}
	}
	return shown
}
