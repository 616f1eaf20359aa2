// Package logs shapes searches of the audit log: the time range, the filters and the results. The
// endpoints that use it and shared/audit decide which log is read, and by whom.
package logs

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/audit"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
)

type (
	// Search is a search of the audit log.
	Search = audit.Search
	// Page is a page of the audit log.
	Page = audit.Page
	// Entry is an entry of the audit log.
	Entry = change.Entry
	// Counts are numbers of entries by a value.
	Counts = audit.Counts
)

// When is the time of a search.
type When struct {
	endpoint.Range
	Period string `query:"period" pattern:"^(hour|day|week|today|yesterday|this_week)?$" patternDescription:"hour, day, week, today, yesterday or this_week" doc:"Instead of start, end and duration: the last 60 minutes (hour) or 24 hours (day); from the midnight seven days ago (week); today, yesterday, or this week from its first day on (this_week). Days and weeks are those of your preferences: time_zone and week_start."`
}

// window returns the time of a search.
func (in When) window(ctx context.Context) (start, end time.Time, err error) {
	if in.Period == "" {
		return in.Window(endpoint.Now(ctx))
	}
	if in.Start != "" || in.End != "" || in.Duration != "" {
		return start, end, fault.InField("query.period", "replaces start, end and duration: send it without them")
	}
	prefers := endpoint.Principal(ctx).Preferences
	start, end, known := audit.Period(in.Period).Window(endpoint.Now(ctx), prefers.Zone(), prefers.FirstDay())
	if !known {
		return start, end, fault.InField("query.period", "must be hour, day, week, today, yesterday or this_week")
	}
	return start, end, nil
}

// Input is the query of a search.
type Input struct {
	endpoint.Cursor
	When
	LogIns    bool   `query:"logins" doc:"Only log-ins, also those that failed."`
	Provider  bool   `query:"provider" doc:"Only what people did who work for a provider: an MSP or the platform."`
	AdminName string `query:"admin_name" maxLength:"200" doc:"A part of the person's name or e-mail address."`
	Message   string `query:"message" maxLength:"200" doc:"A part of the message."`
}

// PortalInput holds additional parameters of programs written for other network portals.
type PortalInput struct {
	Sort   string `query:"sort" enum:"timestamp,-timestamp" default:"-timestamp" doc:"timestamp for the oldest entry first."`
	Page   int    `query:"page" minimum:"1" maximum:"50000" default:"1" doc:"Which page, from 1. Following next costs less."`
	SiteID string `query:"site_id" pattern:"^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[Ff][Aa][Ll][Ss][Ee])?$" patternDescription:"a UUID, or empty or false for any" doc:"Only entries of this site."`
}

// Event is an entry of the audit log.
type Event struct {
	ID        string  `json:"id"`
	Timestamp float64 `json:"timestamp" doc:"Epoch seconds."`
	Action    string  `json:"action" doc:"The operation, as in cases.create."`
	Message   string  `json:"message"`
	OrgID     string  `json:"org_id" doc:"The organization concerned; all zeros if none."`
	MSPID     string  `json:"msp_id,omitempty"`
	SiteID    string  `json:"site_id" doc:"The site concerned; all zeros if none."`
	AdminID   string  `json:"admin_id" doc:"Who did it; all zeros if nobody with an account."`
	AdminName string  `json:"admin_name" doc:"First name, last name and e-mail address."`
	Actor     string  `json:"actor" doc:"person, token, platform or stranger."`
	Target    string  `json:"target,omitempty" doc:"What it was done to, as in case:<id>."`
	RequestID string  `json:"request_id,omitempty" doc:"The request that caused it, directly or later: the X-Request-Id of its answer."`
	SourceIP  string  `json:"src_ip,omitempty"`
	Door      string  `json:"door,omitempty" doc:"api or mail."`
	Refused   bool    `json:"refused,omitempty" doc:"Set where the operation was not allowed."`
	Before    any     `json:"before,omitempty"`
	After     any     `json:"after,omitempty"`
}

// Output is a page of a log.
type Output struct {
	Body struct {
		Start   int64   `json:"start" doc:"Where the range begins, in epoch seconds."`
		End     int64   `json:"end" doc:"Where it ends, in epoch seconds."`
		Limit   int     `json:"limit"`
		Page    int     `json:"page" doc:"Which page this is, from 1; behind next, that of the first call."`
		Total   int     `json:"total" doc:"How many entries match, on all pages; exact up to 10,000."`
		AtLeast bool    `json:"total_is_lower_bound,omitempty" doc:"Set if there may be more than total."`
		Results []Event `json:"results" doc:"Newest first, unless sort says otherwise."`
		Next    string  `json:"next,omitempty" doc:"The path of the next page; absent at the end."`
	}
}

// OrgsInput chooses organizations in an MSP's log.
type OrgsInput struct {
	OrgID  string   `query:"org_id" pattern:"^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[Ff][Aa][Ll][Ss][Ee])?$" patternDescription:"a UUID, or empty or false for any" doc:"Only entries of this organization."`
	OrgIDs []string `query:"org_ids" doc:"Only entries of these organizations: up to 100 UUIDs, separated by commas."`
}

// Of returns a search for the chosen organizations.
func (in OrgsInput) Of(search Search) Search {
	search.OrgIDs = append(search.OrgIDs, in.OrgIDs...)
	if in.OrgID != "" {
		search.OrgIDs = append(search.OrgIDs, in.OrgID)
	}
	return search
}

// noID stands for no object: clients require an id.
const noID = "00000000-0000-0000-0000-000000000000"

func adminName(e change.Entry) string { return strings.TrimSpace(e.Actor.Name + " " + e.Actor.Email) }

// Answer runs a search and shapes the results.
func Answer(ctx context.Context, in *Input, portal PortalInput, search func(Search) (Page, error)) (*Output, error) {
	query := Search{
		Admin: in.AdminName, Message: in.Message, LogIns: in.LogIns, Provider: in.Provider, SiteID: portal.SiteID,
		Limit: in.Limit,
	}
	query.OldestFirst, query.PageNumber = portal.Sort == "timestamp", portal.Page
	var err error
	if query.Start, query.End, err = in.window(ctx); err != nil {
		return nil, err
	}
	if query.After, err = in.After(ctx); err != nil {
		return nil, err
	}
	page, err := search(query)
	if err != nil {
		return nil, err
	}
	out := &Output{}
	out.Body.Start, out.Body.End = query.Start.Unix(), query.End.Unix()
	out.Body.Limit, out.Body.Page = in.Limit, max(portal.Page, 1)
	out.Body.Total, out.Body.AtLeast = page.Total, page.AtLeast
	out.Body.Results = make([]Event, 0, len(page.Entries))
	for _, entry := range page.Entries {
		out.Body.Results = append(out.Body.Results, eventOf(entry))
	}
	out.Body.Next = endpoint.Next(ctx, page.Next)
	return out, nil
}

func eventOf(e change.Entry) Event {
	event := Event{
		ID:        e.ID,
		Timestamp: float64(e.Time) / 1e6,
		Action:    e.Action,
		Message:   e.Message,
		OrgID:     cmp.Or(e.OrgID, noID),
		MSPID:     e.MSPID,
		SiteID:    noID,
		AdminID:   cmp.Or(e.Actor.ID, noID),
		AdminName: adminName(e),
		Actor:     string(e.Actor.Kind),
		Target:    e.Target,
		RequestID: e.Request,
		SourceIP:  e.Actor.SourceAddress,
		Door:      e.Actor.Door,
		Refused:   e.Refused,
	}
	if e.Before != nil {
		event.Before = e.Before
	}
	if e.After != nil {
		event.After = e.After
	}
	return event
}
