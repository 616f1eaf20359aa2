// Package supportmail writes a mail to the administrators and the contacts of many organizations, as a
// job, and keeps what became of it for each recipient. An answer opens a case like any mail to the support
// address; package intake decides on it. functions/mail writes and sends the mails themselves.
package supportmail

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/support/mailthread"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/bulk"
)

// Action is the name of the action on many organizations.
const Action bulk.Action = "support_mail"

// The limits of a mail and of all of a provider's mails.
const (
	// MaxSubject is the longest subject, in characters.
	MaxSubject = 200
	// MaxText is the longest text, in bytes.
	MaxText = 16 << 10
	// MaxHTML is the longest text as HTML, in bytes.
	MaxHTML = 24 << 10
	// MaxMailsADay is how many recipients an MSP, or the platform, writes to a day.
	MaxMailsADay = 20_000
	// maxAdministrators is how many administrators of an organization get the mail.
	maxAdministrators = 40
)

// Service sends support mails. It is safe for concurrent use.
type Service struct {
	journal  *change.Journal
	accounts *identity.Accounts
	tenants  *tenant.Tenants
	threads  *mailthread.Service
	jobs     *job.Ledger
}

// New returns the service.
func New(
	journal *change.Journal, accounts *identity.Accounts, tenants *tenant.Tenants, threads *mailthread.Service,
	jobs *job.Ledger,
) *Service {
	return &Service{journal: journal, accounts: accounts, tenants: tenants, threads: threads, jobs: jobs}
}

// Definition returns the action for package bulk: super users write to the organizations of their MSP,
// operators to any.
func (s *Service) Definition() bulk.Definition {
	return bulk.Definition{
		Name: Action,
		May: map[identity.ScopeKind]identity.Permission{
			identity.MSPScope: identity.ChangeMSP, identity.PlatformScope: identity.RunPlatform,
		},
		Title: func(request bulk.Request, number int) string {
			return "Support mail to " + bulk.Orgs(number) + ": " + request.Mail.Subject
		},
		Check: func(_ context.Context, _ identity.Principal, _ string, request bulk.Request) (bulk.Request, error) {
			return check(request)
		},
		Preview: s.preview,
		Perform: s.perform,
	}
}

// check returns a request with a mail that can be sent; a fault of code Invalid if there is none.
func check(request bulk.Request) (bulk.Request, error) {
	if request.Mail == nil {
		return request, fault.InField("subject", "must be given with this action, and text too")
	}
	mail := *request.Mail
	mail.Subject, mail.Text = strings.TrimSpace(mail.Subject), strings.TrimSpace(mail.Text)
	if err := identity.CheckText("subject", mail.Subject, 1, MaxSubject); err != nil {
		return request, err
	}
	for field, text := range map[string]string{"text": mail.Text, "html": mail.HTML} {
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			return request, fault.InField(field, "must be UTF-8 without zero bytes")
		}
	}
	switch {
	case mail.Text == "":
		return request, fault.InField("text", "must say something: it is what programs without HTML show")
	case len(mail.Text) > MaxText:
		return request, fault.InField("text", "must have at most %d bytes, has %d", MaxText, len(mail.Text))
	case len(mail.HTML) > MaxHTML:
		return request, fault.InField("html", "must have at most %d bytes, has %d", MaxHTML, len(mail.HTML))
	}
	request.Mail = &mail
	payload, err := json.Marshal(request)
	if err == nil && len(payload) > job.MaxPayload {
		err = fault.InField("html", "is too long together with text: shorten one of them")
	}
	return request, err
}

// preview says to how many addresses the mail goes.
func (s *Service) preview(
	ctx context.Context, by identity.Principal, orgs []tenant.Org, _ bulk.Request, few bool,
) ([]bulk.Effect, error) {
	effects := make([]bulk.Effect, len(orgs))
	for i, org := range orgs {
		effects[i] = bulk.Effect{OrgID: org.ID, Name: org.Name}
		if !few {
			effects[i].Changes = []string{"Its administrators and contact addresses get the mail."}
			continue
		}
		recipients, err := s.recipients(ctx, org)
		if err != nil {
			return nil, err
		}
		switch len(recipients) {
		case 0:
			effects[i].Blockers = []string{nobody}
		case 1:
			effects[i].Changes = []string{"One address gets the mail."}
		default:
			effects[i].Changes = []string{fmt.Sprintf("%d addresses get the mail.", len(recipients))}
		}
	}
	return effects, nil
}

// nobody says that an organization cannot be written to.
const nobody = "It has neither an administrator of its own whom mail reaches, nor a contact address in its settings."

// recipients returns whom a mail to an organization goes to: its own administrators, and the addresses of
// the contact in its settings.
func (s *Service) recipients(ctx context.Context, org tenant.Org) ([]Recipient, error) {
	place := org.Place()
	people, err := s.accounts.PeopleAt(ctx, place, maxAdministrators, func(person identity.Person) bool {
		return person.GetsMail() && person.Principal("", "").OwnAdministrator(place)
	})
	if err != nil {
		return nil, err
	}
	contact, err := s.tenants.LoadContact(ctx, org)
	if err != nil {
		return nil, err
	}
	var recipients []Recipient
	known := map[string]bool{}
	for _, person := range people {
		known[identity.NormalEmail(person.Email)] = true
		recipients = append(recipients, Recipient{UserID: person.ID, Address: person.Email})
	}
	for _, address := range contact.Emails {
		if !known[identity.NormalEmail(address)] {
			known[identity.NormalEmail(address)] = true
			recipients = append(recipients, Recipient{Address: address, Name: contact.Name})
		}
	}
	return recipients, nil
}
