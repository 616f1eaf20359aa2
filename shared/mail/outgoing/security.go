package outgoing

import (
	"time"

	"github.com/tenantry/tenantry/shared/mail/wording"
)

// always says why mails about the security of an account cannot be turned off.
func always(l wording.Language, portal, reason string) Footer {
	return Footer{
		Reason: reason,
		Stop:   l.T("Mails about the security of your account cannot be turned off."),
		Sender: PortalSender(l, portal, "", ""),
	}
}

// Recovery is the mail that lets a person who forgot the password set a new one: link leads to the page
// for that, and works for minutes. Portal is the portal's address.
func Recovery(l wording.Language, link, portal string, minutes int) AccountNotice {
	headline := l.T("Choose a new password")
	return AccountNotice{
		Language: l, Headline: headline,
		Paragraphs: []string{
			l.T("Somebody, probably you, asked for a new password for this address. The link works once, within %d minutes.",
				minutes),
		},
		Button: headline, Link: link,
		After: []string{l.T("If it was not you, ignore this mail: your password stays as it is.")},
		Footer: always(l, portal,
			l.T("You get this mail because somebody entered your address on the page for forgotten passwords.")),
	}
}

// PasswordChanged notifies a person of a changed password: at is when, in the time zone to show it in,
// link leads to the password recovery page.
func PasswordChanged(l wording.Language, at time.Time, link, portal string) AccountNotice {
	return AccountNotice{
		Language: l, Headline: l.T("Your password was changed"),
		Paragraphs: []string{
			l.T("The password of your account was changed on %s. All earlier sessions and API tokens were ended.", Moment(at)),
			l.T("If it was not you, choose a new password at once and tell your administrator."),
		},
		Button: l.T("Choose a new password"), Link: link,
		Footer: always(l, portal, l.T("You get this mail because it is your account.")),
	}
}

// TokenCreated notifies a person of a new API token: name is the token's name, source the network
// address that it was created from, link leads to the password recovery page.
func TokenCreated(l wording.Language, name, source, link, portal string) AccountNotice {
	what := l.T("The API token %s was created for your account. Whoever has it can do what you can.",
		Quoted(Name(name)))
	if source != "" {
		what = l.T(
			"The API token %[1]s was created for your account from the address %[2]s. Whoever has it can do what you can.",
			Quoted(Name(name)), OneLine(source))
	}
	return AccountNotice{
		Language: l, Headline: l.T("A new API token"),
		Paragraphs: []string{
			what,
			l.T("If it was not you, choose a new password at once: that ends all API tokens and sessions. " +
				"Then tell your administrator."),
		},
		Button: l.T("Choose a new password"), Link: link,
		Footer: always(l, portal, l.T("You get this mail because it is your account.")),
	}
}
