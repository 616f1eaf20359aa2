package mail

import (
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/outgoing"
)

// mspDeletion tells a super user that the MSP was deleted.
func mspDeletion(s SendServices, n addressed) (string, outgoing.AccountNotice) {
	title := n.T("%s was deleted", n.place())
	return title, outgoing.AccountNotice{
		Headline: title,
		Paragraphs: []string{
			n.T("%[1]s deleted the MSP %[2]s, which had no organizations any more. The roles in it have ended.",
				outgoing.OneLine(n.ByName), n.place()),
			n.T("Your account stays, with all its other roles."),
		},
		Button: n.T("Open the portal"), Link: s.BaseURL + "/",
		Footer: outgoing.Footer{
			Reason: n.T("You get this mail because you were a super user of %s.", n.place()),
			Stop:   n.T("Mails about the end of an MSP cannot be turned off."),
		},
	}
}

// deletion tells that an organization was deleted or restored, or an MSP deleted.
func deletion(s SendServices, n addressed) (string, outgoing.AccountNotice) {
	if n.Event == identity.MSPDeleted {
		return mspDeletion(s, n)
	}
	footer := outgoing.Footer{
		Reason: n.T("You get this mail because you are an administrator or a contact of %s.", n.place()),
		Stop:   n.T("Mails about the end of an organization cannot be turned off."),
	}
	if n.Event == identity.OrgRestored {
		title := n.T("%s was restored", n.place())
		return title, outgoing.AccountNotice{
			Headline: title,
			Paragraphs: []string{
				n.T("The organization %s was deleted, and has been restored with everything that was in it. "+
					"You can use it as before.", n.place()),
			},
			Button: n.T("Open the portal"), Link: s.BaseURL + "/", Footer: footer,
		}
	}
	title := n.T("%s was deleted", n.place())
	return title, outgoing.AccountNotice{
		Headline: title,
		Paragraphs: []string{
			n.T("%[1]s deleted the organization %[2]s. Its people cannot see it any more, its cases stand still, and mail "+
				"to it is kept out.", outgoing.OneLine(n.ByName), n.place()),
			n.T("Your provider can restore it with everything that was in it until %s. After that it goes for good.", n.until()),
		},
		Button: n.T("Open the portal"), Link: s.BaseURL + "/", Footer: footer,
	}
}
