package parsed

import (
	"slices"
	"strings"
)

// Delivery is what a report says about a mail that was sent before. Whoever knows an
// address can write such a report: act on it only where Returned carries a token that was
// made here.
type Delivery struct {
	// Reporter is the server that reports, as it names itself.
	Reporter string
	// Recipients are at most 50.
	Recipients []Recipient
	// Feedback is the Feedback-Type of a complaint: "abuse", "not-spam" and the like.
	Feedback string
}

// Recipient is what became of a mail for one who should have got it.
type Recipient struct {
	// Final is the address that was tried in the end, Original the one that the mail was
	// sent to; in lower case. Either may be empty.
	Final, Original string
	// Action is failed, delayed, delivered, relayed or expanded (RFC 3464, 2.3.3); for a
	// read receipt what was done with the mail, such as displayed.
	Action string
	// Status is a code of RFC 3463 such as 5.1.1. Where the report tells none it is made
	// from the reply of the server or from its words, as far as they are known.
	Status string
	// Diagnostic is what the server said, in one line of at most 500 characters.
	Diagnostic string
}

// Permanent reports whether the address will not work the next time either, as far as
// the report tells.
func (r Recipient) Permanent() bool {
	return r.Action == "failed" && strings.HasPrefix(r.Status, "5.") && r.Status != "5.4.7"
}

// Failed reports whether at least one recipient did not get the mail and will not.
func (d *Delivery) Failed() bool {
	for _, r := range d.Recipients {
		if r.Action == "failed" {
			return true
		}
	}
	return false
}

// Permanent reports whether at least one recipient's address does not work for good.
func (d *Delivery) Permanent() bool {
	for _, r := range d.Recipients {
		if r.Permanent() {
			return true
		}
	}
	return false
}

// Returned is what a report gives back of the mail it is about.
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

// Addresses returns all addresses of the mail, those first in which a token of ours would stand.
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
