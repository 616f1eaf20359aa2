package logs

import (
	"cmp"
	"context"

	"github.com/tenantry/tenantry/shared/audit"
	"github.com/tenantry/tenantry/shared/change"
)

// CountInput selects the entries to count.
type CountInput struct {
	When
	LogIns    bool   `query:"logins" doc:"Only log-ins, also those that failed."`
	Provider  bool   `query:"provider" doc:"Only what people did who work for a provider: an MSP or the platform."`
	AdminName string `query:"admin_name" maxLength:"200" doc:"A part of the person's name or e-mail address."`
	Message   string `query:"message" maxLength:"200" doc:"A part of the message."`
	SiteID    string `query:"site_id" pattern:"^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[Ff][Aa][Ll][Ss][Ee])?$" patternDescription:"a UUID, or empty or false for any" doc:"Only entries of this site."`
	Limit     int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"The maximum number of values."`
}

// Counted is the number of entries with a value; the value is under the name of the field that they are
// grouped by.
type Counted map[string]any

// CountOutput is the number of entries by a field.
type CountOutput struct {
	Body struct {
		Distinct string    `json:"distinct" doc:"The field that entries are grouped by."`
		Start    int64     `json:"start" doc:"Epoch seconds."`
		End      int64     `json:"end" doc:"Epoch seconds."`
		Limit    int       `json:"limit"`
		Total    int       `json:"total" doc:"The number of values."`
		AtLeast  bool      `json:"total_is_lower_bound,omitempty" doc:"Set if there are more entries than one call counts: the oldest are not counted."`
		Results  []Counted `json:"results" doc:"The most frequent first; each has the value, under the name of distinct, and count."`
	}
}

// AnswerCount counts the entries of a log by a field and shapes the results.
func AnswerCount(
	ctx context.Context,
	in CountInput,
	distinct string,
	count func(Search, func(change.Entry) string) (audit.Counts, error),
) (*CountOutput, error) {
	query := Search{Admin: in.AdminName, Message: in.Message, LogIns: in.LogIns, Provider: in.Provider, SiteID: in.SiteID}
	var err error
	if query.Start, query.End, err = in.window(ctx); err != nil {
		return nil, err
	}
	counts, err := count(query, func(e change.Entry) string {
		switch distinct {
		case "admin_id":
			return cmp.Or(e.Actor.ID, noID)
		case "message":
			return e.Message
		case "org_id":
			return cmp.Or(e.OrgID, noID)
		case "site_id":
			return noID
		default:
			return adminName(e)
		}
	})
	if err != nil {
		return nil, err
	}
	out := &CountOutput{}
	b := &out.Body
	b.Distinct, b.Start, b.End, b.Limit = distinct, query.Start.Unix(), query.End.Unix(), in.Limit
	b.Total, b.AtLeast, b.Results = len(counts.Values), counts.AtLeast, []Counted{}
	for _, value := range counts.Values[:min(len(counts.Values), in.Limit)] {
		b.Results = append(b.Results, Counted{distinct: value.Value, "count": value.Count})
	}
	return out, nil
}
