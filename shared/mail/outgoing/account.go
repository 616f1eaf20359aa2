package outgoing

import (
	"context"
	"fmt"
	"time"
)

// Invite invites somebody to a place.
type Invite struct {
	// Inviter is the name of the person who invites.
	Inviter string
	// Place is the name of the MSP, organization or site that the invitation is for.
	Place string
	// Role is the role's name as shown in the portal.
	Role string
	// Provider is the name of the MSP that manages the place; empty if there is none, or if the
	// place is the MSP itself. Portal is the portal's address.
	Provider, Portal string
	// Link leads to the page to accept the invitation.
	Link string
	// Expires is when the link expires, in the time zone to show it in.
	Expires time.Time
}

func (i Invite) headline() string {
	return fmt.Sprintf("%s invites you to %s", Name(i.Inviter), Name(i.Place))
}

func (i Invite) role() string {
	return fmt.Sprintf("Your role will be %s.", oneLine(i.Role, maxName))
}

// about says whose portal it is.
func (i Invite) about() string {
	if i.Provider == "" {
		return fmt.Sprintf("You will work in the portal at %s.", i.Portal)
	}
	return fmt.Sprintf("%s looks after %s in the portal at %s.",
		Name(i.Provider), Name(i.Place), i.Portal)
}

func (i Invite) reason() string {
	return fmt.Sprintf("You get this mail because %s entered your address.", Name(i.Inviter))
}

func (i Invite) expiry() string {
	return fmt.Sprintf(
		"The link works until %s. If you did not expect this invitation, ignore this mail.",
		Moment(i.Expires),
	)
}

// Text returns the mail as plain text.
func (i Invite) Text() string {
	var out sheet
	out.add("%s.", i.headline())
	out.add("%s", i.about())
	out.add("%s", i.role())
	out.add("Accept the invitation: %s", i.Link)
	out.add("%s", i.expiry())
	out.add("%s", i.reason())
	return out.String()
}

// HTML returns the mail as an HTML document.
func (i Invite) HTML(ctx context.Context) (string, error) { return render(ctx, invitePage(i), i.Link) }

// Recovery lets a person who forgot the password set a new one.
type Recovery struct {
	// Link leads to the page to set a new password.
	Link string
	// Minutes is how long the link is valid.
	Minutes int
}

const recoveryHeadline = "Choose a new password"

func (r Recovery) why() string {
	return fmt.Sprintf(
		"Somebody, probably you, asked for a new password for this address. The link works once, within %d minutes.",
		r.Minutes,
	)
}

const recoveryIgnore = "If it was not you, ignore this mail: your password stays as it is."

// Text returns the mail as plain text.
func (r Recovery) Text() string {
	var out sheet
	out.add("%s", r.why())
	out.add("%s: %s", recoveryHeadline, r.Link)
	out.add("%s", recoveryIgnore)
	return out.String()
}

// HTML returns the mail as an HTML document.
func (r Recovery) HTML(ctx context.Context) (string, error) {
	return render(ctx, recoveryPage(r), r.Link)
}

// PasswordChanged notifies a person of a changed password.
type PasswordChanged struct {
	// At is when it was changed, in the time zone to show it in.
	At time.Time
	// Link leads to the password recovery page.
	Link string
}

func (p PasswordChanged) what() string {
	return fmt.Sprintf("The password of your account was changed on %s. "+
		"All earlier sessions and API tokens were ended.", Moment(p.At))
}

const passwordHeadline = "Your password was changed"

const passwordStranger = "If it was not you, choose a new password at once and tell your administrator."

// Text returns the mail as plain text.
func (p PasswordChanged) Text() string {
	var out sheet
	out.add("%s", p.what())
	out.add("%s", passwordStranger)
	out.add("%s: %s", recoveryHeadline, p.Link)
	return out.String()
}

// HTML returns the mail as an HTML document.
func (p PasswordChanged) HTML(ctx context.Context) (string, error) {
	return render(ctx, passwordPage(p), p.Link)
}

// TokenCreated notifies a person of a new API token.
type TokenCreated struct {
	// Name is the token's name, Source the network address that it was created from.
	Name, Source string
	// Link leads to the password recovery page.
	Link string
}

func (c TokenCreated) what() string {
	text := fmt.Sprintf("The API token %q was created for your account", Name(c.Name))
	if c.Source != "" {
		text += " from the address " + oneLine(c.Source, maxName)
	}
	return text + ". Whoever has it can do what you can."
}

const (
	tokenHeadline = "A new API token"
	tokenStranger = "If it was not you, choose a new password at once: that ends all API tokens and sessions. " +
		"Then tell your administrator."
)

// Text returns the mail as plain text.
func (c TokenCreated) Text() string {
	var out sheet
	out.add("%s", c.what())
	out.add("%s", tokenStranger)
	out.add("%s: %s", recoveryHeadline, c.Link)
	return out.String()
}

// HTML returns the mail as an HTML document.
func (c TokenCreated) HTML(ctx context.Context) (string, error) {
	return render(ctx, tokenPage(c), c.Link)
}

// Moment formats a time in its own time zone, with the zone's name: "4 March 2026, 06:06 CET
// (Europe/Berlin)". The abbreviation tells the two hours apart that have the same name in autumn.
func Moment(t time.Time) string {
	text := t.Format("2 January 2006, 15:04 MST")
	if zone := t.Location().String(); zone != "UTC" {
		text += " (" + zone + ")"
	}
	return text
}
