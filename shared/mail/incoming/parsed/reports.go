package parsed

import (
	"slices"
	"strings"
)

// Delivery is a report about a mail that was sent before. Anybody can forge such a report: act on
// it only if Returned contains a token that was generated here.
type Delivery struct {
	// Reporter is the name of the reporting server.
	Reporter string
	// Recipients are at most 50.
	Recipients []Recipient
	// Feedback is the Feedback-Type of a complaint: "abuse", "not-spam" and the like.
	Feedback string
}

// Recipient is the outcome for one recipient of a mail.
type Recipient struct {
	// Final is the address that was tried last, Original the one that the mail was sent to; in
	// lower case. Either may be empty.
	Final, Original string
	// Action is failed, delayed, delivered, relayed or expanded (RFC 3464, 2.3.3); for a read
	// receipt, what was done with the mail, such as displayed.
	Action string
	// Status is a code of RFC 3463 such as 5.1.1, derived from the server's reply or its words if
	// the report has none.
	Status string
	// Diagnostic is the server's message, in one line of at most 500 characters.
	Diagnostic string
}

// Permanent reports whether the address will fail the next time, too, according to the report.
func (r Recipient) Permanent() bool {
	return r.Action == "failed" && strings.HasPrefix(r.Status, "5.") && r.Status != "5.4.7"
}

// Failed reports whether at least one recipient will not get the mail.
func (d *Delivery) Failed() bool {
	for _, r := range d.Recipients {
		if r.Action == "failed" {
			return true
		}
	}
	return false
}

// Permanent reports whether at least one recipient's address fails permanently.
func (d *Delivery) Permanent() bool {
	for _, r := range d.Recipients {
		if r.Permanent() {
			return true
		}
	}
	return false
}

// Returned is the part of a returned mail that a report contains.
type Returned struct {
	// MessageID and References (with In-Reply-To) are bare ids.
	MessageID  string
	References []string
	Subject    string
	// From, To (with Cc), ReplyTo and ReturnPath are bare addresses in lower case.
	From, To, ReplyTo, ReturnPath []string
	// LoopInstances are the installations of this product that the mail names.
	LoopInstances []string
}

// Addresses returns all addresses of the mail, first those that may contain a token of ours.
func (r *Returned) Addresses() []string {
	var all []string
	for _, some := range [][]string{r.ReplyTo, r.ReturnPath, r.From, r.To} {
		for _, address := range some {
			if !slices.Contains(all, address) {
				all = append(all, address)
			}
		}
	}
	return all
}
