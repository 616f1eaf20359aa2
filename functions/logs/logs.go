// Package logs shapes searches of the audit log: the time range, the filters, and the list that comes
// back. Which log is read, and who may, is said by the endpoints that use it and by shared/audit.
package logs

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/audit"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
)

type (
	// Search is that of the audit log.
	Search = audit.Search
	// Page is that of the audit log.
	Page = audit.Page
)

// Input is a search as clients write it.
type Input struct {
	endpoint.Cursor
	AdminName string `query:"admin_name" maxLength:"200" doc:"A part of the person's name or e-mail address."`
	Message   string `query:"message" maxLength:"200" doc:"A part of the message."`
	Start     string `query:"start" maxLength:"20" doc:"Epoch seconds, or relative to now: -1d, -2w, -10m; now."`
	End       string `query:"end" maxLength:"20" doc:"Like start; now if nothing is given."`
	Duration  string `query:"duration" maxLength:"20" doc:"How long before end the range begins, if no start is given: 60m, 1d (the default), 7d, 2w."`
}

// Event is an entry of the audit log.
type Event struct {
	ID        string  `json:"id"`
	Timestamp float64 `json:"timestamp" doc:"Epoch seconds."`
	Action    string  `json:"action" doc:"The operation, as in cases.create."`
	Message   string  `json:"message"`
	OrgID     string  `json:"org_id" doc:"The organization concerned; all zeros if none."`
	MSPID     string  `json:"msp_id,omitempty"`
	AdminID   string  `json:"admin_id,omitempty"`
	AdminName string  `json:"admin_name" doc:"First name, last name and e-mail address."`
	Actor     string  `json:"actor" doc:"person, token, platform or stranger."`
	Target    string  `json:"target,omitempty" doc:"What it was done to, as in case:<id>."`
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
		Total   int     `json:"total" doc:"How many entries this page has; with next there are more."`
		Results []Event `json:"results" doc:"Newest first."`
		Next    string  `json:"next,omitempty" doc:"The path of the following page; absent at the end."`
	}
}

const noID = "00000000-0000-0000-0000-000000000000"

// Answer does a search and shapes what it finds.
func Answer(ctx context.Context, in *Input, search func(Search) (Page, error)) (*Output, error) {
	now := endpoint.Now(ctx)
	wanted := Search{Admin: in.AdminName, Message: in.Message, Limit: in.Limit}
	var err error
	if wanted.Start, wanted.End, err = in.window(now); err != nil {
		return nil, err
	}
	if wanted.After, err = in.After(ctx); err != nil {
		return nil, err
	}
	page, err := search(wanted)
	if err != nil {
		return nil, err
	}
	out := &Output{}
	out.Body.Start, out.Body.End = wanted.Start.Unix(), wanted.End.Unix()
	out.Body.Limit, out.Body.Total = in.Limit, len(page.Entries)
	out.Body.Results = make([]Event, 0, len(page.Entries))
	for _, entry := range page.Entries {
		out.Body.Results = append(out.Body.Results, eventOf(entry))
	}
	out.Body.Next = endpoint.Next(ctx, page.Next)
	return out, nil
}

func eventOf(e change.Entry) Event {
	event := Event{
		ID: e.ID, Timestamp: float64(e.Time) / 1e6, Action: e.Action, Message: e.Message, OrgID: e.OrgID, MSPID: e.MSPID,
		AdminID: e.Actor.ID, AdminName: strings.TrimSpace(e.Actor.Name + " " + e.Actor.Email), Actor: string(e.Actor.Kind),
		Target: e.Target, SourceIP: e.Actor.SourceAddress, Door: e.Actor.Door, Refused: e.Refused,
	}
	if event.OrgID == "" {
		event.OrgID = noID // clients demand an id
	}
	if e.Before != nil {
		event.Before = e.Before
	}
	if e.After != nil {
		event.After = e.After
	}
	return event
}

// window reads the time range. An end is exclusive; "now" lies a second ahead, so that what was just done is in it.
func (in *Input) window(now time.Time) (start, end time.Time, err error) {
	end = now.Add(time.Second)
	if in.End != "" && in.End != "now" {
		if end, err = moment("query.end", in.End, now); err != nil {
			return start, end, err
		}
	}
	if in.Start != "" {
		start, err = moment("query.start", in.Start, now)
		return start, end, err
	}
	length := 24 * time.Hour
	if in.Duration != "" {
		if length, err = duration("query.duration", in.Duration); err != nil {
			return start, end, err
		}
	}
	return end.Add(-length), end, nil
}

// moment reads a point in time: epoch seconds, "now", or "-" and a duration before now.
func moment(field, text string, now time.Time) (time.Time, error) {
	if text == "now" {
		return now, nil
	}
	if strings.HasPrefix(text, "-") {
		before, err := duration(field, text[1:])
		return now.Add(-before), err
	}
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || !(seconds >= 0 && seconds < 1e10) { // so that NaN is refused too
		return time.Time{}, fault.InField(field, "must be epoch seconds, now, or relative as in -1d")
	}
	return time.UnixMicro(int64(seconds * 1e6)), nil
}

// duration reads a length of time: a whole number and s, m, h, d or w.
func duration(field, text string) (time.Duration, error) {
	units := map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour}
	wrong := fault.InField(field, "must be a whole number and a unit (s, m, h, d, w), at most 400 days, as in 7d")
	if text == "" {
		return 0, wrong
	}
	unit, known := units[text[len(text)-1]]
	count, err := strconv.Atoi(text[:len(text)-1])
	if !known || err != nil || count < 1 || time.Duration(count) > audit.MaxWindow/unit {
		return 0, wrong
	}
	return time.Duration(count) * unit, nil
}
