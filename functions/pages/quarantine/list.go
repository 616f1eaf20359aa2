package quarantine

import (
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/support/intake"
)

// pageSize is how many mails or blocked senders a page shows, unless the reader prefers another number.
const pageSize = 50

// listing is a page of the quarantine.
type listing struct {
	// reason is the filter; "" for all mails.
	reason  string
	reasons []intake.ReasonText
	page    intake.QuarantinePage
	usage   intake.QuarantineUsage
	pager   kit.Pager
}

// list shows the quarantined mails, the newest first.
func (p Pages) list(v *kit.Visit) error {
	if err := scope.Platform(v); err != nil {
		return err
	}
	shown := listing{reason: v.Query("reason")}
	var err error
	if shown.reasons, err = p.Intake.ExplainQuarantine(*v.By); err != nil {
		return err
	}
	paging := v.Paging()
	shown.page, err = p.Intake.QuarantinedMails(v.Context(), *v.By, intake.Reason(shown.reason), v.PageSize(pageSize),
		paging.After())
	if fault.Is(err, fault.Invalid) { // a reason that does not exist, typed into the address
		return v.GoTo(listPath)
	}
	if err != nil {
		return err
	}
	if shown.usage, err = p.Intake.QuarantineUsage(v.Context(), *v.By); err != nil {
		return err
	}
	shown.pager = v.Pager(paging, shown.page.Next)
	return v.Show(listPage(v.Frame(v.T("Quarantine")), shown))
}
