package outgoing

import (
	"context"
	"time"

	"github.com/tenantry/tenantry/shared/mail/wording"
)

// maxRoles is how much of the roles is shown that an invitation offers, in characters.
const maxRoles = 1000

// Invite invites somebody to a place.
type Invite struct {
	Language wording.Language
	// Inviter is the name of the person who invites.
	Inviter string
	// Place is the name of the MSP, organization or site that the invitation is for.
	Place string
	// Role is the role's name as shown in the portal; of several, all with what they are for.
	Role string
	// Provider is the name of the MSP that manages the place; empty if there is none, or if the
	// place is the MSP itself. Portal is the portal's address.
	Provider, Portal string
	// Logo is that of the provider, or of the MSP that the invitation is for; nil for none.
	Logo *Logo
	// Link leads to the page to accept the invitation.
	Link string
	// Expires is when the link expires, in the time zone to show it in.
	Expires time.Time
}

func (i Invite) headline() string {
	return i.Language.T("%[1]s invites you to %[2]s", Name(i.Inviter), Name(i.Place))
}

func (i Invite) role() string {
	return i.Language.T("Your role will be %s.", oneLine(i.Role, maxRoles))
}

func (i Invite) expiry() string {
	return i.Language.T("The link works until %s.", Moment(i.Expires))
}

func (i Invite) footer() Footer {
	return Footer{
		Reason: i.Language.T("You get this mail because %s entered your address.", Name(i.Inviter)),
		Stop:   i.Language.T("If you did not expect this invitation, ignore this mail."),
		Sender: PortalSender(i.Language, i.Portal, i.Provider, i.Place),
	}
}

func (i Invite) button() string { return i.Language.T("Accept the invitation") }

// Text returns the mail as plain text.
func (i Invite) Text() string {
	var out sheet
	out.add("%s.", i.headline())
	out.add("%s", i.role())
	out.link(i.button(), i.Link)
	out.add("%s", i.expiry())
	out.addFooter(i.footer())
	return out.String()
}

// HTML returns the mail as an HTML document.
func (i Invite) HTML(ctx context.Context) (string, error) { return render(ctx, invitePage(i), i.Link) }

// Moment formats a time in its own time zone, with the zone's name: "4 March 2026, 06:06 CET
// (Europe/Berlin)". The abbreviation tells the two hours apart that have the same name in autumn.
func Moment(t time.Time) string {
	text := t.Format("2 January 2006, 15:04 MST")
	if zone := t.Location().String(); zone != "UTC" {
		text += " (" + zone + ")"
	}
	return text
}
