package supporttest

import (
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Decide gives or withdraws a consent of an organization, for both parts of its provider where it has
// an MSP.
func (w *World) Decide(org tenant.Org, kind identity.ConsentKind, granted bool) {
	w.T.Helper()
	admin := w.Fresh(w.Person(org.Place(), identity.Admin))
	for _, grantee := range identity.Grantees() {
		if identity.CheckConsent(kind, grantee, org.Place()) != nil {
			continue
		}
		_, err := w.Tenants.ChangeConsent(w.T.Context(), admin, org.ID,
			tenant.Decision{Kind: kind, Grantee: grantee, Granted: granted})
		w.Must(err)
	}
}
