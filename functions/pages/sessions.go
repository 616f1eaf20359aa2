package pages

import (
	"net/http"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

const sessionsPath = "/account/sessions"

// ownSession is a session as the page shows it.
type ownSession struct {
	identity.OwnSession
	device string
}

// sessions lists the person's sessions.
func (p *portal) sessions(v *visit) error {
	list, err := p.Accounts.Sessions(v.r.Context(), *v.by)
	if err != nil {
		return err
	}
	shown := make([]ownSession, len(list))
	for i, one := range list {
		shown[i] = ownSession{one, one.UserAgent}
		if one.UserAgent == "" {
			shown[i].device = "An unknown program"
		}
	}
	return p.show(v, http.StatusOK, sessionsPage(p.frame(v, "Your sessions"), shown))
}

// endSession ends one session; one that has ended in the meantime is no error.
func (p *portal) endSession(v *visit) error {
	err := p.Accounts.EndSession(v.r.Context(), *v.by, v.line("session"))
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	return v.goTo(sessionsPath)
}

// endOtherSessions ends all sessions but the present one.
func (p *portal) endOtherSessions(v *visit) error {
	if err := p.Accounts.EndOthers(v.r.Context(), *v.by); err != nil {
		return err
	}
	return v.goTo(sessionsPath)
}
