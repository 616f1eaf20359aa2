package logs

import (
	"cmp"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/audit"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

// mostCounts is how many values are shown with their numbers.
const mostCounts = 100

// The fields that entries are counted by, as in the API.
const (
	byPerson  = "admin_name"
	byMessage = "message"
	byOrg     = "org_id"
)

// counted is a value with the number of its entries, and the address of these.
type counted struct {
	label, path string
	count       int
}

// countedBy returns the field that the entries of a place are counted by; "" if they are listed.
func countedBy(v *kit.Visit, place identity.Place) string {
	by := v.Query("by")
	if by == byPerson || by == byMessage || by == byOrg && place.Scope != identity.OrgScope {
		return by
	}
	return ""
}

// valueOf returns the value of an entry that it is counted by.
func valueOf(by string) func(change.Entry) string {
	return func(entry change.Entry) string {
		switch by {
		case byMessage:
			return entry.Message
		case byOrg:
			return entry.OrgID
		default:
			return strings.TrimSpace(entry.Actor.Name + " " + entry.Actor.Email)
		}
	}
}

// showCounts shows how many entries have which value.
func (p Pages) showCounts(
	v *kit.Visit, title string, place identity.Place, search audit.Search, shown listing,
) (err error) {
	if place.Scope == identity.PlatformScope {
		shown.counts, err = p.Audit.CountPlatform(v.Context(), *v.By, search, valueOf(shown.by))
	} else {
		shown.counts, err = p.Audit.CountAt(v.Context(), *v.By, place, search, valueOf(shown.by))
	}
	if fault.Is(err, fault.Invalid) {
		shown.wrong, err = v.T("None of the latest entries matches. Choose a shorter time."), nil
	}
	if err != nil {
		return err
	}
	values := shown.counts.Values[:min(len(shown.counts.Values), mostCounts)]
	var ids []string
	for _, one := range values {
		if shown.by == byOrg && one.Value != "" {
			ids = append(ids, one.Value)
		}
	}
	slices.Sort(ids)
	names, err := p.Tenants.NamesAt(v.Context(), place, ids)
	if err != nil {
		return err
	}
	for _, one := range values {
		row := counted{label: cmp.Or(names[one.Value], one.Value, none), count: one.Count}
		switch {
		case one.Value == "":
		case shown.by == byOrg && place.Scope == identity.MSPScope:
			row.path = v.With(map[string]string{"by": "", "org_id": one.Value})
		case shown.by == byMessage:
			row.path = v.With(map[string]string{"by": "", "message": one.Value})
		case shown.by == byPerson:
			row.path = v.With(map[string]string{"by": "", "admin_name": one.Value})
		}
		shown.grouped = append(shown.grouped, row)
	}
	return v.Show(listPage(v.Frame(title), shown))
}
