package endpoint

import (
	"context"
	"encoding/json"
	"net/url"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
)

// Pages is the input of a list that is short and whole: pages by number.
type Pages struct {
	Limit int `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"The maximum number of entries on a page."`
	Page  int `query:"page" minimum:"1" maximum:"100000" default:"1" doc:"Which page, from 1."`
}

// PageHeaders are the response headers that describe a page of a list.
type PageHeaders struct {
	Limit int `header:"X-Page-Limit" doc:"The maximum number of entries on a page."`
	Page  int `header:"X-Page-Page" doc:"Which page this is, from 1."`
	Total int `header:"X-Page-Total" doc:"How many entries the list has."`
}

// PageOf returns a page of a complete list.
func PageOf[T any](all []T, pages Pages) ([]T, PageHeaders) {
	headers := PageHeaders{Limit: pages.Limit, Page: pages.Page, Total: len(all)}
	from := min((pages.Page-1)*pages.Limit, len(all))
	to := min(from+pages.Limit, len(all))
	return append([]T{}, all[from:to]...), headers
}

// Cursor is the input of a list that can be long: pages by a cursor.
type Cursor struct {
	Limit       int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"The maximum number of entries on a page."`
	SearchAfter string `query:"search_after" maxLength:"2000" doc:"The cursor from the previous page's next link. It is opaque and valid for a day, for the same caller and filter."`
}

// cursorLife is how long a cursor is valid.
const cursorLife = 24 * time.Hour

// place is what a cursor holds.
type place struct {
	After string `json:"a"`
	Made  int64  `json:"m"`
}

// binding ties a cursor to the caller, the route and the filter, so that it is of no use elsewhere.
func (r *request) binding() string {
	query := url.Values{}
	for name, values := range r.url.Query() {
		if name != "search_after" && name != "limit" && len(values) > 0 && values[0] != "" {
			query[name] = values
		}
	}
	return r.principal.UserID + " " + r.url.Path + "?" + query.Encode()
}

// After returns the position that the cursor of an input contains; "" for the first page.
func (c Cursor) After(ctx context.Context) (string, error) {
	if c.SearchAfter == "" {
		return "", nil
	}
	r := of(ctx)
	var at place
	text, err := r.server.Keyring.Open("cursor", r.binding(), c.SearchAfter)
	if err == nil {
		err = json.Unmarshal(text, &at)
	}
	if err != nil {
		return "", fault.InField(
			"query.search_after",
			"is not a cursor of this list, caller and filter; take it from the next link as it is",
		)
	}
	if r.server.Now().Sub(time.Unix(at.Made, 0)) > cursorLife {
		return "", fault.InField("query.search_after", "has expired; begin the list again without it")
	}
	return at.After, nil
}

// Next returns the link to the following page; "" if there is none. It is relative to the
// server's root and begins with the API's prefix.
func Next(ctx context.Context, after string) string {
	if after == "" {
		return ""
	}
	r := of(ctx)
	text, err := json.Marshal(place{After: after, Made: r.server.Now().Unix()})
	if err != nil {
		panic("endpoint: " + err.Error()) // a string and a number always have a JSON form
	}
	query := r.url.Query()
	query.Set("search_after", r.server.Keyring.Seal("cursor", r.binding(), text))
	return r.url.Path + "?" + query.Encode()
}
