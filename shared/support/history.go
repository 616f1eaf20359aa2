package support

import (
	"maps"
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Difference is a field before and after a change.
type Difference struct {
	Before any `json:"before"`
	After  any `json:"after"`
}

// HistoryEntry is one change of a case's fields.
type HistoryEntry struct {
	ID     string                `json:"id"`
	Author Party                 `json:"author"`
	Fields map[string]Difference `json:"fields"`
	// Internal entries are for agents only.
	Internal bool `json:"internal,omitempty"`
	// QuarantinedMail is set for an entry about a quarantined or released mail.
	QuarantinedMail *QuarantinedMail `json:"quarantined_mail,omitempty"`
	// Created is in microseconds since 1970.
	Created int64 `json:"created"`
}

// QuarantinedMail is a mail to a case that was quarantined.
type QuarantinedMail struct {
	// ID is the mail's in the quarantine.
	ID     string `json:"id"`
	Reason string `json:"reason"`
	// From is the sender that the mail names.
	From    string `json:"from"`
	Subject string `json:"subject"`
	// PersonID is the person whose reply address the mail was sent to; "" if it was sent to none.
	PersonID string `json:"person_id,omitempty"`
	// Releasable is set if agents of the case can release the mail as it is; Confirmable if they
	// can release it by confirming that the sender's address belongs to a person.
	Releasable  bool `json:"releasable,omitempty"`
	Confirmable bool `json:"confirmable,omitempty"`
	// Released is set in the entry about the release.
	Released bool `json:"released,omitempty"`
}

// ReleasableMails returns the quarantined mails in the history of a case that its agents can
// release, oldest first.
func ReleasableMails(history []HistoryEntry) []QuarantinedMail {
	var waiting []QuarantinedMail
	for _, entry := range history {
		mail := entry.QuarantinedMail
		if mail == nil {
			continue
		}
		waiting = slices.DeleteFunc(waiting, func(other QuarantinedMail) bool { return other.ID == mail.ID })
		if !mail.Released && (mail.Releasable || mail.Confirmable) {
			waiting = append(waiting, *mail)
		}
	}
	return waiting
}

// history returns the write of a history entry for a change of the fields of a case.
func (s *Service) history(
	by identity.Principal,
	place identity.Place,
	c Case,
	fields map[string]Difference,
) (table.Write, error) {
	return s.HistoryWrite(partyOf(by, place), c, fields)
}

// HistoryWrite returns the write of a history entry by any author, including Tenantry itself.
func (s *Service) HistoryWrite(author Party, c Case, fields map[string]Difference) (table.Write, error) {
	entry := HistoryEntry{ID: s.journal.NewID(), Author: author, Fields: fields, Created: s.journal.Now().UnixMicro()}
	item, err := change.Encode(CaseKey(c.OrgID, c.ID, HistorySort+entry.ID), entry)
	return table.Create(item), err
}

// Differences returns the fields in which two states of a case differ.
func Differences(before, after Case) map[string]Difference {
	fields := map[string]Difference{}
	put := func(name string, x, y any) {
		if x != y {
			fields[name] = Difference{Before: x, After: y}
		}
	}
	put("subject", before.Subject, after.Subject)
	put("type", before.Type, after.Type)
	put("component", before.Component, after.Component)
	put("reason", before.Reason, after.Reason)
	put("version", before.Version, after.Version)
	put("severity", before.Severity, after.Severity)
	put("environment", before.Environment, after.Environment)
	put("custom_tag", before.CustomTag, after.CustomTag)
	put("status", before.Status, after.Status)
	if before.Assignee.PartyID() != after.Assignee.PartyID() {
		fields["assignee"] = Difference{Before: before.Assignee.name(), After: after.Assignee.name()}
	}
	put("archived", before.Archived, after.Archived)
	put("deleted", before.Deleted > 0, after.Deleted > 0)
	put(returnField, at(before.ReturnAt), at(after.ReturnAt))
	put("merged_into", before.MergedInto.number(), after.MergedInto.number())
	if x, y := linkNames(before.Links), linkNames(after.Links); x != y {
		fields["links"] = Difference{Before: x, After: y}
	}
	if !slices.EqualFunc(before.CC, after.CC, func(x, y Party) bool { return x.Email == y.Email }) {
		fields["cc"] = Difference{Before: names(before.CC), After: names(after.CC)}
	}
	if !slices.EqualFunc(before.Watchers, after.Watchers, func(x, y Party) bool { return x.ID == y.ID }) {
		fields["watchers"] = Difference{Before: names(before.Watchers), After: names(after.Watchers)}
	}
	if !before.Extension.Equal(after.Extension) {
		fields[otherFields] = Difference{Before: before.Extension.Text(), After: after.Extension.Text()}
	}
	return fields
}

// returnField is the field for when a waiting case reopens; customers do not see it.
const returnField = "return_at"

// otherFields is the field for those that Tenantry does not know. Nobody is notified of them.
const otherFields = "other_fields"

// WithoutInternal returns the field changes that customers may see.
func WithoutInternal(fields map[string]Difference) map[string]Difference {
	fields = maps.Clone(fields)
	delete(fields, returnField)
	return fields
}

// logged returns the field changes for the audit log, which customers can read, before and after.
func logged(fields map[string]Difference) (before, after map[string]any) {
	before, after = map[string]any{}, map[string]any{}
	for name, difference := range WithoutInternal(fields) {
		before[name], after[name] = difference.Before, difference.After
	}
	return before, after
}

// at formats a time for the history; "" for none.
func at(micros int64) string {
	if micros == 0 {
		return ""
	}
	return time.UnixMicro(micros).UTC().Format(time.RFC3339)
}

// PartyID returns the ID of a person, or "" for nil.
func (p *Party) PartyID() string {
	if p == nil {
		return ""
	}
	return p.ID
}

func (p *Party) name() string {
	if p == nil {
		return ""
	}
	return p.Name
}

// names joins people's names.
func names(people []Party) string {
	text := ""
	for i, party := range people {
		if i > 0 {
			text += ", "
		}
		text += party.Name
	}
	// Notices and history entries have a size limit, which the names of twenty people could exceed.
	if runes := []rune(text); len(runes) > maxNames {
		return string(runes[:maxNames]) + "…"
	}
	return text
}

// maxNames is the maximum number of characters of joined names.
const maxNames = 1000
