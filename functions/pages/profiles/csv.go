package profiles

import (
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/spreadsheet"
)

// csv writes all profiles as CSV (RFC 4180). There are at most profile.MaxProfiles.
func (p Pages) csv(v *kit.Visit) error {
	all, err := p.Profiles.List(v.Context(), *v.By)
	if err != nil {
		return err
	}
	header := v.W.Header()
	header.Set("Content-Type", "text/csv; charset=utf-8")
	header.Set("Content-Disposition", `attachment; filename="operator-profiles.csv"`)
	v.W.WriteHeader(http.StatusOK)
	out := csv.NewWriter(v.W)
	out.UseCRLF = true
	_ = out.Write([]string{
		"id", "name", "description", "image", "application_map", "gateway_selection", "gateways", "address",
		"heartbeat", "time_slice", "stats_interval", "organizations", "created",
	})
	for _, one := range all {
		row := []string{
			one.ID, one.Name, one.Description, one.Image, one.ApplicationMap, string(one.Selection),
			strings.Join(one.Gateways, "; "), one.Address, strconv.Itoa(one.Heartbeat), strconv.Itoa(one.TimeSlice),
			strconv.Itoa(one.Interval), strconv.FormatInt(one.Orgs, 10), time.Unix(one.Created, 0).UTC().Format(time.RFC3339),
		}
		for i := range row {
			row[i] = spreadsheet.Disarmed(row[i])
		}
		_ = out.Write(row) // an error stays with the writer
	}
	out.Flush()
	return out.Error()
}
