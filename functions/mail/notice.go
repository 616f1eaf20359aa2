package mail

import (
	"context"
	"encoding/json"
	"time"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/outgoing"
	"github.com/tenantry/tenantry/shared/mail/wording"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/tenant"
)

// addressed is a notice with the person whom it is about, who is empty if it is about none, and the
// language and the time zone of its recipient.
type addressed struct {
	identity.Notice
	wording.Language
	subject identity.Person
	zone    *time.Location
}

// noticeWriter writes a notice. It returns the mail's subject too.
type noticeWriter func(s SendServices, n addressed) (string, outgoing.AccountNotice)

// notices returns the writers of the notices that consist of a few sentences and a link.
func notices() map[string]noticeWriter {
	return map[string]noticeWriter{
		identity.NoticeAdministrator:  newAdministrator,
		identity.NoticeConsentRequest: consentRequest,
		identity.NoticeEnded:          accessEnded,
		identity.NoticeLocked:         accountLocked,
		identity.NoticeSecurityMail:   securityEvent,
		identity.NoticeDeletion:       deletion,
	}
}

// accountNotice writes a notice to its recipient, or to the person whom it is about if it names no
// other.
func (s SendServices) accountNotice(
	ctx context.Context, message queue.Message, notice identity.Notice, write noticeWriter,
) (composed, error) {
	var subject, recipient identity.Person
	org, err := s.orgOf(ctx, notice)
	if err != nil {
		return composed{}, err
	}
	if notice.UserID != "" {
		if subject, err = s.Accounts.Person(ctx, notice.UserID); err != nil {
			return composed{}, err
		}
	}
	if recipient = subject; notice.RecipientID != "" {
		if recipient, err = s.Accounts.Person(ctx, notice.RecipientID); err != nil {
			return composed{}, err
		}
	}
	if recipient.ID == "" {
		recipient = identity.Person{Email: notice.Email} // a contact address
	}
	if notice, err = s.Accounts.NoticeSeenBy(ctx, notice, recipient); err != nil {
		return composed{}, err
	}
	out := s.base(message, recipient)
	var body outgoing.AccountNotice
	l := languageOf(recipient)
	out.Subject, body = write(s, addressed{notice, l, subject, recipient.Preferences.Zone()})
	body.Language, body.Footer.Sender = l, outgoing.PortalSender(l, s.BaseURL, "", "")
	out.Logo = s.placeLogo(ctx, notice, org)
	body.Logo = out.Logo
	out, err = withBody(ctx, out, body)
	return composed{message: out}, err
}

// orgOf reads the organization that a notice is about; none for other notices, and for those about its
// deletion. It returns a fault of code NotFound if it was deleted in the meantime.
func (s SendServices) orgOf(ctx context.Context, notice identity.Notice) (tenant.Org, error) {
	if notice.Scope != identity.OrgScope || notice.Kind == identity.NoticeDeletion {
		return tenant.Org{}, nil
	}
	return s.Tenants.LoadOrg(ctx, notice.ScopeID)
}

// placeLogo returns the logo for a notice about an MSP or one of its organizations; nil for others.
func (s SendServices) placeLogo(ctx context.Context, notice identity.Notice, org tenant.Org) *outgoing.Logo {
	switch {
	case notice.Kind != identity.NoticeAdministrator && notice.Kind != identity.NoticeConsentRequest:
		return nil
	case notice.Scope == identity.MSPScope:
		return s.logo(ctx, notice.ScopeID)
	case notice.Scope != identity.OrgScope:
		return nil
	}
	return s.logo(ctx, org.MSPID)
}

// until returns the end of a consent as mails show it; "" for none.
func (n addressed) until() string {
	if n.Until == 0 {
		return ""
	}
	return outgoing.Moment(time.Unix(n.Until, 0).In(n.zone))
}

// place returns the name of the place that a notice is about.
func (n addressed) place() string { return outgoing.OneLine(n.PlaceName) }

// consent names the consent that a notice is about, in the recipient's language.
func (n addressed) consent() string { return n.named(n.Consent, n.Grantee) }

// named names a consent in the recipient's language.
func (n addressed) named(kind identity.ConsentKind, grantee identity.Grantee) string {
	byMSP := grantee == identity.ToMSP
	switch {
	case kind == identity.SupportAccess && byMSP:
		return n.T("support access for the MSP")
	case kind == identity.SupportAccess:
		return n.T("support access for the operator")
	case kind == identity.UserManagement && byMSP:
		return n.T("user management for the MSP")
	case kind == identity.UserManagement:
		return n.T("user management for the operator")
	case kind == identity.PersonalData && byMSP:
		return n.T("personal data for the MSP")
	case kind == identity.PersonalData:
		return n.T("personal data for the operator")
	}
	return identity.Describe(kind, grantee)
}

// highest says that the recipient has the highest role at the place, which is why they get a notice.
func (n addressed) highest(scope identity.ScopeKind) string {
	return n.T("You get this mail because you are %[1]s of %[2]s.", identity.RolesAt(scope)[0].NameAt(scope), n.place())
}

// page returns the address of a page of the place that a notice is about.
func (n addressed) page(base, name string) string {
	switch n.Scope {
	case identity.MSPScope:
		return base + "/msps/" + n.ScopeID + name
	case identity.OrgScope:
		return base + "/orgs/" + n.ScopeID + name
	default:
		return base + "/platform" + name
	}
}

// newAdministrator tells of somebody who got a role. It names the role: not everybody administers.
func newAdministrator(s SendServices, n addressed) (string, outgoing.AccountNotice) {
	who := outgoing.OneLine(n.subject.FirstName + " " + n.subject.LastName)
	role := n.Role.NameAt(n.Scope)
	return n.T("New %[1]s of %[2]s", role, n.place()), outgoing.AccountNotice{
		Headline: n.T("%[1]s is now %[2]s of %[3]s", who, role, n.place()),
		Paragraphs: []string{
			n.T("%[1]s (%[2]s) is now %[3]s of %[4]s.", who, outgoing.OneLine(n.subject.Email), role, n.place()),
			n.T("If you did not expect it, look at the audit log for who invited this person, and remove them."),
		},
		Button: n.T("See the people"), Link: n.page(s.BaseURL, "/admins"),
		Footer: outgoing.Footer{
			Reason: n.highest(n.Scope),
			Stop:   n.T("Mails about new people in the places that you administer cannot be turned off."),
		},
	}
}

func consentRequest(s SendServices, n addressed) (string, outgoing.AccountNotice) {
	by := outgoing.OneLine(n.ByName)
	asked := n.T("%[1]s asks %[2]s to consent to %[3]s.", by, n.place(), n.consent())
	if until := n.until(); until != "" {
		asked = n.T("%[1]s asks %[2]s to consent to %[3]s until %[4]s.", by, n.place(), n.consent(), until)
	}
	return n.T("A request for your consent"), outgoing.AccountNotice{
		Headline: n.T("%s asks for your consent", by),
		Paragraphs: []string{
			asked,
			n.T("The reason given: %s", outgoing.Quoted(n.Reason)),
			n.T("Nothing changes unless you or another administrator of %s gives the consent.", n.place()),
		},
		Button: n.T("Open the portal"), Link: s.BaseURL + "/",
		Footer: outgoing.Footer{
			Reason: n.highest(identity.OrgScope),
			Stop:   n.T("Requests for a consent cannot be turned off."),
		},
	}
}

// ownAccount is the footer of mails about the recipient's account.
func (n addressed) ownAccount() outgoing.Footer {
	return outgoing.Footer{
		Reason: n.T("You get this mail because it is your account."),
		Stop:   n.T("Mails about the security of your account cannot be turned off."),
	}
}

func accessEnded(s SendServices, n addressed) (string, outgoing.AccountNotice) {
	return n.T("All your sessions were ended"), outgoing.AccountNotice{
		Headline: n.T("All your sessions were ended"),
		Paragraphs: []string{
			n.T("%[1]s ended all sessions, API tokens and pending password recoveries of your account, from the address %[2]s.",
				outgoing.OneLine(n.ByName), outgoing.OneLine(n.Source)),
			n.T("Log in again to go on. Programs that used your API tokens need new ones."),
		},
		Button: n.T("Log in"), Link: s.BaseURL + "/login",
		Footer: n.ownAccount(),
	}
}

func accountLocked(s SendServices, n addressed) (string, outgoing.AccountNotice) {
	return n.T("Wrong passwords for your account"), outgoing.AccountNotice{
		Headline: n.T("Wrong passwords for your account"),
		Paragraphs: []string{
			n.T("A wrong password was given for your account five times, last from the address %s. Log-ins from there are "+
				"refused for 15 minutes. From the other networks that you use you still get in.", outgoing.OneLine(n.Source)),
			n.T("If it was not you and you use the password elsewhere too, set a new one. You get this mail at most once a " +
				"day; your audit log has every attempt."),
		},
		Button: n.T("Set a new password"), Link: s.BaseURL + "/recover",
		Footer: n.ownAccount(),
	}
}

// tellOfSecurity enqueues a message for each person who is told of a security event. Their IDs are
// derived from the message's, so that a repeated delivery tells nobody twice.
func (s SendServices) tellOfSecurity(ctx context.Context, message queue.Message) error {
	var notice identity.Notice
	if err := json.Unmarshal(message.Body, &notice); err != nil {
		return unreadable(err)
	}
	audience, err := s.Accounts.SecurityAudience(ctx, notice)
	if err != nil || len(audience) == 0 {
		return err
	}
	messages := make([]queue.Message, len(audience))
	for i, id := range audience {
		if messages[i], err = identity.SecurityMail(notice, id); err != nil {
			return err
		}
		messages[i].ID = derivedID(message.ID + " " + id)
	}
	return s.Queues.Send(ctx, messages)
}

func securityEvent(s SendServices, n addressed) (string, outgoing.AccountNotice) {
	switch {
	case n.Event.OfMove():
		return orgMoved(s, n)
	case n.Event == identity.ConsentEnds:
		return consentEnds(s, n)
	}
	title := n.T("A security event")
	return title, outgoing.AccountNotice{
		Headline:   title,
		Paragraphs: []string{n.event()},
		Button:     n.T("Open the portal"), Link: s.BaseURL + "/",
		Footer: outgoing.Footer{
			Reason: n.T("You get this mail because you have the highest role there and your account has security notices on."),
			Ways:   []outgoing.Way{{Label: n.T("Turn security notices on or off"), URL: s.setting(securitySection)}},
		},
	}
}

// event says what a security notice tells of.
func (n addressed) event() string {
	who := outgoing.OneLine(n.subject.FirstName+" "+n.subject.LastName) + " (" + outgoing.OneLine(n.subject.Email) + ")"
	source, by := outgoing.OneLine(n.Source), outgoing.OneLine(n.ByName)
	switch {
	case n.Event == identity.AccountLocked:
		return n.T("Wrong passwords locked the account of %[1]s for 15 minutes, last from the address %[2]s.", who, source)
	case n.Event == identity.TokenMade:
		return n.T("%[1]s created the API token %[2]s from the address %[3]s.", who, outgoing.Quoted(n.Token), source)
	case n.Event == identity.ConsentDecided && !n.Granted:
		return n.T("%[1]s withdrew the consent of %[2]s to %[3]s.", by, n.place(), n.consent())
	case n.Event == identity.ConsentDecided && n.until() != "":
		return n.T("%[1]s gave the consent of %[2]s to %[3]s until %[4]s.", by, n.place(), n.consent(), n.until())
	case n.Event == identity.ConsentDecided:
		return n.T("%[1]s gave the consent of %[2]s to %[3]s.", by, n.place(), n.consent())
	}
	return string(n.Event)
}
