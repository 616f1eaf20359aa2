package account

import (
	"github.com/google/uuid"

	"github.com/tenantry/tenantry/functions/pages/kit"
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
func (p Pages) sessions(v *kit.Visit) error {
	list, err := p.Accounts.Sessions(v.Context(), *v.By)
	if err != nil {
		return err
	}
	shown := make([]ownSession, len(list))
	for i, one := range list {
		shown[i] = ownSession{one, one.UserAgent}
		if one.UserAgent == "" {
			shown[i].device = v.T("An unknown program")
		}
	}
	return v.Show(sessionsPage(v.Frame(v.T("Your sessions")), shown))
}

// endSession ends one session; one that has ended in the meantime is no error.
func (p Pages) endSession(v *kit.Visit) error {
	session := v.Line("session")
	if uuid.Validate(session) != nil {
		return fault.Missing()
	}
	err := p.Accounts.EndSession(v.Context(), *v.By, session)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	v.Done(v.T("The session has ended."))
	return v.GoTo(sessionsPath)
}

// endOtherSessions ends all sessions but the present one.
func (p Pages) endOtherSessions(v *kit.Visit) error {
	if err := p.Accounts.EndOthers(v.Context(), *v.By); err != nil {
		return err
	}
	v.Done(v.T("All your other sessions have ended."))
	return v.GoTo(sessionsPath)
}
