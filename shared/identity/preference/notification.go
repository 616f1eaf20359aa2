package preference

import (
	"slices"
)

// Kind is a kind of event on a case that a person is notified of by mail.
type Kind string

// The kinds of notifications.
const (
	// CaseOpened is a new case, and the receipt for its submitter.
	CaseOpened Kind = "case_opened"
	// CaseAnswered is a comment, an internal note too.
	CaseAnswered Kind = "case_answered"
	// CaseChanged is a changed field, a file without a comment, or the question for a rating.
	CaseChanged Kind = "case_changed"
	// PromisedTime is a promised time that runs out or has passed; only agents are told.
	PromisedTime Kind = "promised_time"
)

// Kinds lists the kinds of notifications.
func Kinds() []Kind { return []Kind{CaseOpened, CaseAnswered, CaseChanged, PromisedTime} }

// Wants reports whether the person wants mails of a kind. Everybody does who did not decide.
func (p Preferences) Wants(kind Kind) bool { return !slices.Contains(p.Unwanted, kind) }

// withKinds returns the unwanted kinds with some decided anew, in the order of Kinds.
func withKinds(unwanted []Kind, decided map[Kind]bool) []Kind {
	var off []Kind
	for _, kind := range Kinds() {
		wanted, given := decided[kind]
		if given && !wanted || !given && slices.Contains(unwanted, kind) {
			off = append(off, kind)
		}
	}
	return off
}
