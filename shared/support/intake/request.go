package intake

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/attachment"
	"github.com/tenantry/tenantry/shared/support/mailthread"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/storage"
)

// takeUnaddressed handles a mail to the support address, for each organization that its recipients
// name, or for the sender's own. If one of them refuses it, the mail is quarantined for review.
func (s *Service) takeUnaddressed(
	ctx context.Context, mail Mail, k known, cases []evidence, orgIDs []string,
) (Outcome, error) {
	person, err := s.accounts.PersonByEmail(ctx, mail.From)
	stranger := fault.Is(err, fault.NotFound)
	if err != nil && !stranger {
		return Outcome{}, err
	}
	if stranger || mail.ReleasedTo != nil && mail.ReleasedTo.SenderID != "" {
		owner, orgID, err := s.owner(ctx, k, mail, cases, orgIDs)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return Outcome{}, err
		}
		if err == nil { // an alias, which counts in this organization only
			person, stranger, orgIDs = owner, false, []string{orgID}
			cases = slices.DeleteFunc(slices.Clone(cases), func(e evidence) bool { return e.where.OrgID != orgID })
		}
	}
	sender := sender{person: person, stranger: stranger}
	switch len(orgIDs) {
	case 0:
		return s.takeFor(ctx, mail, k, sender, cases, "")
	case 1:
		return s.takeFor(ctx, mail, k, sender, cases, orgIDs[0])
	}
	var outcome Outcome
	var refused error
	for _, orgID := range orgIDs {
		own := slices.DeleteFunc(slices.Clone(cases), func(e evidence) bool { return e.where.OrgID != orgID })
		one, err := s.takeFor(ctx, mail, k, sender, own, orgID)
		if isRefusal(err) {
			refused = refusedToo(refused, err)
			continue
		}
		if err != nil {
			return Outcome{}, err
		}
		outcome = one.with(outcome)
	}
	return outcome, refused
}

// sender is the sender of a mail: a person with an account, or a stranger.
type sender struct {
	person   identity.Person
	stranger bool
}

// takeFor adds a mail to the support address as a comment to the case that it refers to, if its
// sender is a participant. Otherwise it opens a new case of an organization, "" for the sender's
// own. Anybody can forge what a mail refers to, so that is ignored if the sender may not see the
// case.
func (s *Service) takeFor(
	ctx context.Context, mail Mail, k known, from sender, cases []evidence, orgID string,
) (Outcome, error) {
	person, stranger := from.person, from.stranger
	request := request{orgID: orgID, destination: mailthread.SupportLocal}
	var seen support.Reference // the case that the sender may see
	for _, one := range cases {
		c, place, err := s.referred(ctx, one.where)
		if err != nil {
			return Outcome{}, err
		}
		if c.ID == "" {
			if err := s.refuseDeletedCase(ctx, mail, from, one.where); err != nil {
				return Outcome{}, err
			}
			continue
		}
		a := answer{
			where:  support.Reference{OrgID: c.OrgID, CaseID: c.ID},
			number: c.Number,
			note:   one.note,
			exact:  one.exact,
		}
		if stranger {
			party, known := c.Copied(mail.From)
			if !known {
				continue
			}
			a.writer, _ = guestWriter(c, party.ID, mail)
			outcome, err := s.takeComment(ctx, mail, k, a)
			return outcome, refusedBy(err, one.where)
		}
		a.writer = accountWriter(person, mail)
		by := a.writer.by
		switch {
		case !by.May(identity.SeeCases, place):
			continue
		case concerns(c, person) || by.May(identity.AnswerCases, place):
			outcome, err := s.takeComment(ctx, mail, k, a)
			return outcome, refusedBy(err, one.where)
		case by.May(identity.OpenCases, place) && (orgID == "" || orgID == c.OrgID):
			request.orgID, request.related = c.OrgID, c.ID
		}
		seen = one.where
		break
	}
	switch {
	case stranger:
		return Outcome{}, refusedBy(refuse(UnknownSender,
			"nobody has an account with the sender's address, and no case that the mail refers to names it"),
			onlyCase(cases))
	case mail.Automatic:
		return Outcome{}, refusedBy(refuse(AutoWithout, "an automatic mail cannot open a case"),
			support.Reference{OrgID: request.orgID, CaseID: request.related})
	}
	writer := accountWriter(person, mail)
	if len(cases) == 0 {
		customer, customersOrg, err := s.forwardedFor(ctx, mail, writer, orgID)
		if err != nil {
			return Outcome{}, err
		}
		if customer != nil {
			request.orgID, request.customer = customersOrg, customer
			mail.Subject = bareSubject(mail.Subject)
		}
	}
	outcome, err := s.takeRequest(ctx, mail, k, writer, request)
	if refused, ok := errors.AsType[refusal](err); ok && refused.reason == NoOrg {
		return outcome, refusedBy(err, seen) // no other organization has to do with it
	}
	return outcome, refusedBy(err, support.Reference{OrgID: request.orgID, CaseID: request.related})
}

// onlyCase returns the most trusted of the cases that a mail refers to; none if they belong to
// several organizations.
func onlyCase(cases []evidence) support.Reference {
	if len(cases) == 0 ||
		slices.ContainsFunc(cases, func(e evidence) bool { return e.where.OrgID != cases[0].where.OrgID }) {
		return support.Reference{}
	}
	return cases[0].where
}

// referred reads the case that a mail refers to, or the survivor of a merged case, with its place;
// no case if it no longer exists.
func (s *Service) referred(ctx context.Context, where support.Reference) (support.Case, identity.Place, error) {
	items, err := s.journal.BatchGet(ctx,
		[]table.Key{tenant.OrgKey(where.OrgID), support.CaseKey(where.OrgID, where.CaseID, support.CaseSort)})
	if err != nil {
		return support.Case{}, identity.Place{}, err
	}
	org, err := tenant.DecodeOrg(items[0], s.journal.Now())
	if fault.Is(err, fault.NotFound) {
		return support.Case{}, identity.Place{}, nil
	}
	if err != nil {
		return support.Case{}, identity.Place{}, err
	}
	c, err := support.DecodeCase(items[1])
	if fault.Is(err, fault.NotFound) {
		return support.Case{}, identity.Place{}, nil
	}
	if err == nil && c.MergedInto != nil {
		c, err = s.cases.Survivor(ctx, c)
	}
	if err != nil || c.Deleted > 0 || c.MergedInto != nil {
		return support.Case{}, identity.Place{}, err
	}
	return c, org.Place(), nil
}

// concerns reports whether somebody with an account is a participant of the case.
func concerns(c support.Case, person identity.Person) bool {
	return person.ID == c.Submitter.ID || person.ID == c.Assignee.PartyID() ||
		slices.ContainsFunc(c.Watchers, func(p support.Party) bool { return p.ID == person.ID })
}

// request is a mail that opens a case.
type request struct {
	// orgID is the organization named in the mail, if any; follows and related are cases to link
	// the new one to.
	orgID, follows, related string
	// destination is where the mail was sent, to recognize it if it arrives again.
	destination string
	// token is set if the mail was sent to a reply address generated for its writer.
	token bool
	// customer is the person for whom an agent forwards the mail; nil if the writer wrote it for
	// themselves.
	customer *identity.Principal
	// uncopied are addresses that are not put in copy, because too many were today.
	uncopied []string
}

// takeFollowUp turns a reply to a case that was closed long ago into a case that follows it.
func (s *Service) takeFollowUp(
	ctx context.Context, mail Mail, k known, a answer, closed support.Case,
) (Outcome, error) {
	if a.writer.guest {
		return Outcome{}, refuse(ClosedCase,
			"case %d was closed long ago, and the sender has no account to open a new one", closed.Number)
	}
	mail.Subject = bareSubject(mail.Subject)
	if mail.Subject == "" {
		mail.Subject = closed.Subject
	}
	mail.Text = mail.Reply // the quoted text is in the earlier case
	return s.takeRequest(ctx, mail, k, a.writer,
		request{orgID: closed.OrgID, follows: closed.ID, destination: "after " + closed.ID, token: a.token})
}

// takeRequest opens a case of the sender's organization from a mail.
func (s *Service) takeRequest(ctx context.Context, mail Mail, k known, w writer, r request) (Outcome, error) {
	orgID := r.orgID
	var err error
	if orgID == "" {
		if orgID, err = s.ownOrg(ctx, w.by); err != nil {
			return Outcome{}, err
		}
	}
	org, err := s.tenants.Org(ctx, w.by, orgID, identity.OpenCases)
	if fault.Is(err, fault.NotFound) {
		err = cmp.Or(s.refuseDeleted(ctx, orgID), err)
	}
	if err != nil {
		return s.notTaken(err, support.Origin{}, "")
	}
	if err := mail.believe(w.by.IsAgent(org.Place()), r.token); err != nil {
		return Outcome{}, err
	}
	newCase := support.NewCase{Follows: r.follows, Related: r.related}
	if newCase.Subject = untagged(mail.Subject); newCase.Subject == "" {
		newCase.Subject = "(no subject)"
	}
	if newCase.WatcherIDs, newCase.CC, err = s.alsoAddressed(ctx, mail, w, org); err != nil {
		return Outcome{}, err
	}
	if mail, err = mail.fitted(); err != nil {
		return Outcome{}, err
	}
	newCase.CC = slices.DeleteFunc(newCase.CC, func(address string) bool { return slices.Contains(r.uncopied, address) })
	newCase.Description = shown(mail.Text)
	from, err := s.origin(ctx, mail, orgID, r.destination, nil)
	if err != nil {
		return Outcome{}, err
	}
	from.Whole = "" // the description is the full text
	from.Quiet, from.Submitter = k.quiet, r.customer
	from.Also = func(c support.Case, files []attachment.File) ([]table.Write, error) {
		counted, err := s.countMail(mail, k, support.Reference{OrgID: c.OrgID, CaseID: c.ID}, false)
		if err != nil {
			return nil, err
		}
		thread, err := threadWrites(table.Item{Key: support.CaseKey(c.OrgID, c.ID, support.ThreadMark+w.person.ID)},
			mail.MessageID)
		if err != nil {
			return nil, err
		}
		seen, err := pictureWrites(c, files, nil)
		return slices.Concat(counted, thread, seen), err
	}
	c, err := s.cases.CreateFrom(ctx, w.by, orgID, newCase, from)
	if errors.Is(err, support.ErrCopies) && len(r.uncopied) == 0 {
		if err := s.attachments.Discard(ctx, from.Files); err != nil {
			return Outcome{}, err
		}
		r.uncopied = newCase.CC
		return s.takeRequest(ctx, mail.remarked("Not put in copy, because that is more people of public mail domains "+
			"than the organization can put in copy in a day: "+strings.Join(newCase.CC, ", ")), k, w, r)
	}
	if errors.Is(err, storage.ErrBeyond) && !mail.light {
		if mail, err = s.lighten(ctx, mail, from.Files); err != nil {
			return Outcome{}, err
		}
		return s.takeRequest(ctx, mail, k, w, r)
	}
	if err != nil {
		return s.notTaken(err, from, "")
	}
	return mail.taken("case", c.ID), s.mailWorks(ctx, mail, w)
}

// untagged returns a subject without its case number.
func untagged(subject string) string {
	if taggedNumber(subject) == 0 {
		return strings.TrimSpace(subject)
	}
	return strings.Join(strings.Fields(subjectTag().ReplaceAllString(subject, " ")), " ")
}

// ownOrg returns the organization in which a person opens cases, if there is exactly one.
func (s *Service) ownOrg(ctx context.Context, by identity.Principal) (string, error) {
	var held []string
	for _, privilege := range by.Privileges {
		place := identity.Place{Scope: identity.OrgScope, OrgID: privilege.OrgID}
		if privilege.Scope == identity.OrgScope && by.May(identity.OpenCases, place) {
			held = append(held, privilege.OrgID)
		}
	}
	switch len(held) {
	case 0:
		return "", refuse(NoOrg, "the sender may not open cases for any organization")
	case 1:
		return held[0], nil
	}
	orgs, err := s.tenants.LoadOrgs(ctx, held) // without deleted ones
	if err != nil {
		return "", err
	}
	switch len(orgs) {
	case 0:
		return "", refuse(DeletedOrg, "the organizations of the sender are deleted")
	case 1:
		return orgs[0].ID, nil
	}
	return "", refuse(ManyOrgs,
		"the sender may open cases for %d organizations; a mail to support+<organization id>@… names one", len(orgs))
}
