package intake

import (
	"slices"

	"github.com/tenantry/tenantry/shared/identity"
)

// Reason is why a mail was quarantined.
type Reason string

// The reasons. They are part of the API.
const (
	Unreadable      Reason = "unreadable"             // the mail could not be parsed
	FromOurselves   Reason = "loop"                   // the mail was sent by this installation, or in its name
	FailedDelivery  Reason = "delivery_failure"       // a delivery report about a mail that we did not send
	AutoWithout     Reason = "automatic"              // a generated mail that belongs to no case
	ForgedToken     Reason = "invalid_token"          // the reply address was not generated here
	UnknownCase     Reason = "unknown_case"           // the case no longer exists
	ClosedCase      Reason = "case_closed"            // closed long ago, and the sender cannot open a new one
	OtherSender     Reason = "other_sender"           // not from the person that the reply address was generated for
	UnknownSender   Reason = "unknown_sender"         // the sender has no account
	NotPermitted    Reason = "not_permitted"          // the sender may not write to this case or organization
	NoOrg           Reason = "no_organization"        // the sender may not open cases in any organization
	ManyOrgs        Reason = "ambiguous_organization" // the sender may open cases in several organizations
	DeletedOrg      Reason = "deleted_organization"   // the organization is in the bin
	NoDestination   Reason = "no_destination"         // none of the recipients is one of our addresses
	TooMuch         Reason = "too_much"               // too many or too large attachments, or the case is full
	Rate            Reason = "rate"                   // too many mails from the sender in a short time
	Blocked         Reason = "blocked"                // an operator blocked the sender
	Unauthenticated Reason = "unauthenticated"        // no check proves that the mail is from its sender
	Virus           Reason = "virus"                  // the receiving service found a virus
	Spam            Reason = "spam"                   // the receiving service judged it spam
	Forged          Reason = "forged"                 // not from the domain of the sender, which asks to reject such mail
)

// ReasonText explains a reason.
type ReasonText struct {
	Reason Reason
	// Meaning says what was found, Advice what to do about it; one sentence each.
	Meaning, Advice string
	// Releasable is set if an operator can overrule the reason; otherwise the cause must be fixed
	// first.
	Releasable bool
}

// QuarantineReasons explains the reasons for quarantine.
func QuarantineReasons() []ReasonText {
	return []ReasonText{
		{Unreadable, "It is not a valid mail, or it exceeds the parser's limits.", "Look at the raw mail.", false},
		{
			FromOurselves,
			"This installation sent it, or it names one of our own addresses as its sender.",
			"Find out who sends our mails back.",
			false,
		},
		{
			FailedDelivery,
			"It reports that a mail was not delivered, and nothing in it proves that the mail was ours.",
			"Nothing; release it if a person wrote it.",
			true,
		},
		{AutoWithout, "A program wrote it, and it belongs to no case.", "Nothing; release it if a person wrote it.", true},
		{
			ForgedToken,
			"The reply address was not generated here, or is damaged.",
			"Ask the sender to reply to the latest notice.",
			false,
		},
		{
			UnknownCase,
			"The case is gone.",
			"Nothing; if it was deleted by mistake, restore it, then replay the mail.",
			false,
		},
		{
			ClosedCase,
			"The case was closed long ago, and the sender has no account to open a new one.",
			"Reopen the case, then replay the mail; or invite the sender.",
			false,
		},
		{
			OtherSender,
			"It is not from the person the reply address belongs to, or names several senders.",
			"The sender may be using another address: release the mail, and confirm the address if it is theirs.",
			true,
		},
		{
			UnknownSender,
			"Nobody has an account with this address, and the case does not name it.",
			"Invite the sender, then replay the mail.",
			false,
		},
		{
			NotPermitted,
			"The sender may not write to this case or organization.",
			"Change the role, then replay the mail.",
			false,
		},
		{NoOrg, "The sender may not open cases for any organization.", "Grant a role at one, then replay the mail.", false},
		{
			ManyOrgs,
			"The sender may open cases for several organizations, and the mail names none.",
			"Tell the sender the address with the organization's id.",
			false,
		},
		{NoDestination, "No recipient is an address that accepts mail.", "Look at the raw mail.", false},
		{
			TooMuch,
			"It has too many attachments, or the case is full.",
			"Release it without the attachments that do not fit, or ask for a download link instead.",
			true,
		},
		{
			Rate,
			"The sender wrote more mails in a short time than a person does.",
			"Find out which program writes them; release those that are needed.",
			true,
		},
		{
			Blocked,
			"An operator blocked the sender's address or domain.",
			"Release it, and remove the block if it is no longer needed.",
			true,
		},
		{
			Unauthenticated,
			"Nothing proves that it is from its sender: no DMARC, SPF or DKIM result matches the domain.",
			"Ask the sender through another channel; release it if it is genuine, and have the sender's domain " +
				"publish SPF and DKIM.",
			true,
		},
		{Virus, "The receiving service found a virus.", "Nothing, unless you know better.", true},
		{Spam, "The receiving service judged it spam.", "Release it if it is not spam.", true},
		{
			Forged,
			"It fails both SPF and DKIM, or DMARC, and the sender's domain asks to reject such mail.",
			"Ask the sender through another channel; release it if it is genuine.",
			true,
		},
		{
			DeletedOrg,
			"The organization that it is for is deleted.",
			"Nothing; if it was deleted by mistake, restore it, then replay the mail.",
			false,
		},
	}
}

// ExplainQuarantine explains the reasons, for operators.
func (s *Service) ExplainQuarantine(by identity.Principal) ([]ReasonText, error) {
	if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
		return nil, err
	}
	return QuarantineReasons(), nil
}

// text explains the reason.
func (r Reason) text() ReasonText {
	reasons := QuarantineReasons()
	if at := slices.IndexFunc(reasons, func(t ReasonText) bool { return t.Reason == r }); at >= 0 {
		return reasons[at]
	}
	return ReasonText{Reason: r}
}

// releasable reports whether an operator can overrule a reason.
func (r Reason) releasable() bool { return r.text().Releasable }

// confirmable reports whether a mail is accepted once an agent confirms that the sender's address
// belongs to a person.
func (r Reason) confirmable() bool { return r == OtherSender || r == UnknownSender }

// deskReleasable reports whether the agents of a case can overrule a reason. Only operators can
// overrule reasons that protect the whole platform.
func (r Reason) deskReleasable() bool { return r.releasable() && r != Virus && r != Blocked }
