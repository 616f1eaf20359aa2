package logs

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/spreadsheet"
)

// mostExported is how many entries a file has at most: on AWS a function's answer has 6 MB.
const mostExported = 10_000

// export writes the entries that match as CSV (RFC 4180).
func (p Pages) export(v *kit.Visit) error {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return err
	}
	search, shown := query(v, v.Now())
	if shown.wrong != "" {
		v.Warn(shown.wrong)
		return v.GoTo(kit.PlacePath(place) + "/logs")
	}
	orgs, err := p.chooseOrgs(v, place)
	if err != nil {
		return err
	}
	search.Limit, search.OrgIDs = exportedAtOnce, orgs.ids()
	page, err := p.search(v, place, search)
	if fault.Is(err, fault.Invalid) {
		v.Warn(v.T("None of the latest entries matches. Choose a shorter time."))
		return v.GoTo(kit.PlacePath(place) + "/logs")
	}
	if err != nil {
		return err
	}
	header := v.W.Header()
	header.Set("Content-Type", "text/csv; charset=utf-8")
	header.Set("Content-Disposition", `attachment; filename="audit-log.csv"`)
	v.W.WriteHeader(http.StatusOK)
	out := csv.NewWriter(v.W)
	out.UseCRLF = true
	_ = out.Write([]string{
		"time", "person", "address", "action", "message", "source", "refused", "request", "object", "organization", "before",
		"after",
	})
	whole := true
	for written := len(page.Entries); ; written += len(page.Entries) {
		if err = p.writeEntries(v, place, out, page.Entries); err != nil || page.Next == "" {
			break
		}
		if whole = written < mostExported; !whole {
			break
		}
		search.After = page.Next
		page, err = p.search(v, place, search)
		if fault.Is(err, fault.Invalid) { // none of the entries that it read matches
			whole, err = false, nil
			break
		}
		if err != nil {
			break
		}
	}
	if err == nil && !whole {
		_ = out.Write(append([]string{"", "", "", "", "The file ends here. Choose a shorter time for the rest."},
			make([]string, 7)...))
		out.Flush()
		err = out.Error()
	}
	if err != nil {
		panic(http.ErrAbortHandler) // an aborted connection tells the browser that the file is incomplete
	}
	return nil
}

// exportedAtOnce is how many entries are in memory: each may say 64 KB about what changed.
const exportedAtOnce = 1000

// writeEntries writes a line for each entry.
func (p Pages) writeEntries(v *kit.Visit, place identity.Place, out *csv.Writer, entries []change.Entry) error {
	names, err := p.organizations(v, place, entries)
	if err != nil {
		return err
	}
	inWords := words{Teller: english{}, moment: kit.Stamp, yes: "yes", no: "no"}
	for _, entry := range entries {
		refused := ""
		if entry.Refused {
			refused = "refused"
		}
		before, after := inWords.sides(entry)
		_ = out.Write(disarmed(time.UnixMicro(entry.Time).UTC().Format(time.RFC3339), entry.Actor.Name, entry.Actor.Email,
			entry.Action, entry.Message, entry.Actor.SourceAddress, refused, entry.Request,
			entry.Target, cmp.Or(names[entry.OrgID], entry.OrgID), before, after))
	}
	out.Flush()
	return out.Error() // the browser has disconnected
}

// organizations returns the names of the organizations that entries at a place concern, by id.
func (p Pages) organizations(v *kit.Visit, place identity.Place, entries []change.Entry) (map[string]string, error) {
	ids := map[string]bool{}
	for _, entry := range entries {
		if entry.OrgID != "" {
			ids[entry.OrgID] = true
		}
	}
	return p.Tenants.NamesAt(v.Context(), place, slices.Sorted(maps.Keys(ids)))
}

// disarmed returns cells that spreadsheet programs do not take for formulas.
func disarmed(cells ...string) []string {
	for i, cell := range cells {
		cells[i] = spreadsheet.Disarmed(cell)
	}
	return cells
}

// english tells in English, as the columns of the file are named.
type english struct{}

// T returns the sentence.
func (english) T(key string, values ...any) string { return fmt.Sprintf(key, values...) }
