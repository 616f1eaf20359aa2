package mail

import (
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/outgoing"
)

// orgMoved tells those who have the highest role in an organization, or in an MSP, that the
// organization changed its provider.
func orgMoved(s SendServices, n addressed) (string, outgoing.AccountNotice) {
	org := outgoing.OneLine(n.OrgName)
	button, link := n.T("Open the portal"), s.BaseURL+"/"
	var title string
	var paragraphs []string
	switch {
	case n.Event == identity.OrgLeft:
		title = n.T("%[1]s left %[2]s", org, n.place())
		paragraphs = []string{
			n.T("%[1]s is no longer an organization of %[2]s. Nobody of %[2]s sees it or its cases any more.", org, n.place()),
			n.T("Its labels, and the roles in it that people of %s had from the provider, have ended.", n.place()),
		}
	case n.Event == identity.OrgArrived:
		title = n.T("%[1]s came to %[2]s", org, n.place())
		paragraphs = []string{
			n.T("%[1]s is now an organization of %[2]s.", org, n.place()),
			n.T("Its cases come with their history. Times promised for open cases go on by your targets."),
		}
		button, link = n.T("See the organizations"), n.page(s.BaseURL, "/orgs")
	case n.ProviderName != "":
		provider := outgoing.OneLine(n.ProviderName)
		title = n.T("%[1]s is looked after by %[2]s", n.place(), provider)
		paragraphs = []string{
			n.T("%[1]s moved %[2]s to %[3]s, which looks after it from now on.",
				outgoing.OneLine(n.ByName), n.place(), provider),
			n.T("Your cases stay with their history. What you withdrew from your former provider, the new one does not have."),
			n.T("Look at what the new provider may do, and decide: what you do not confirm ends after a while."),
		}
		button, link = n.T("See the consents"), n.page(s.BaseURL, "/consents")
	default:
		title = n.T("%s is looked after by the operator", n.place())
		paragraphs = []string{
			n.T("%[1]s made %[2]s a direct customer: no MSP looks after it any more, the operator of the portal does.",
				outgoing.OneLine(n.ByName), n.place()),
			n.T("Your cases stay with their history. What you withdrew from your former provider, the new one does not have."),
		}
		button, link = n.T("See the consents"), n.page(s.BaseURL, "/consents")
	}
	return title, outgoing.AccountNotice{
		Headline: title, Paragraphs: paragraphs, Button: button, Link: link,
		Footer: outgoing.Footer{
			Reason: n.highest(n.Scope),
			Stop:   n.T("Mails about a change of provider cannot be turned off."),
		},
	}
}
