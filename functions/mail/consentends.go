package mail

import (
	"time"

	"github.com/tenantry/tenantry/shared/mail/outgoing"
)

// consentEnds tells those who are responsible for an organization, or for its MSP, which of its consents
// end soon, or have just ended.
func consentEnds(s SendServices, n addressed) (string, outgoing.AccountNotice) {
	title := n.T("Consents of %s have ended", n.place())
	var paragraphs []string
	for _, one := range n.Ending {
		until := time.Unix(one.Until, 0)
		consent, moment := n.named(one.Kind, one.Grantee), outgoing.Moment(until.In(n.zone))
		if s.Journal.Now().Before(until) {
			title = n.T("Consents of %s end soon", n.place())
			paragraphs = append(paragraphs, n.T("The consent to %[1]s ends at %[2]s.", consent, moment))
		} else {
			paragraphs = append(paragraphs, n.T("The consent to %[1]s ended at %[2]s.", consent, moment))
		}
	}
	paragraphs = append(paragraphs,
		n.T("The organization's own administrators can give them again, until another time or without an end."))
	return title, outgoing.AccountNotice{
		Headline: title, Paragraphs: paragraphs, Button: n.T("See the consents"), Link: n.page(s.BaseURL, "/consents"),
		Footer: outgoing.Footer{
			Reason: n.T("You get this mail because you administer %s, or because you are a super user of its MSP and have "+
				"security notices on.", n.place()),
			Ways: []outgoing.Way{{Label: n.T("Turn security notices on or off"), URL: s.setting(securitySection)}},
		},
	}
}
