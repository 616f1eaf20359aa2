package kit

import (
	"encoding/json"
	"net/url"
	"strconv"
)

const (
	// pagesParameter holds the sealed cursors of a list's present page and of those before it.
	pagesParameter = "page"
	pagesPurpose   = "pages"
	// mostStarts is how many pages a list can be gone back by, and maxPages the size limit of the
	// sealed cursors in characters, as for all cursors of the API.
	mostStarts, maxPages = 9, 2000
)

// Paging is a page of a list.
type Paging struct {
	// Number counts from 1. Starts are the cursors that the pages up to this one begin with; the first
	// page begins with "".
	Number int      `json:"number"`
	Starts []string `json:"starts"`
}

// After returns the cursor that the page begins with.
func (p Paging) After() string {
	if len(p.Starts) == 0 {
		return ""
	}
	return p.Starts[len(p.Starts)-1]
}

// binding is what sealed cursors belong to: the reader, the path, and everything that selects or orders the
// list.
func (v *Visit) binding() string {
	query := v.R.URL.Query()
	query.Del(pagesParameter)
	reader := ""
	if v.By != nil {
		reader = v.By.UserID
	}
	return reader + " " + v.R.URL.Path + "?" + query.Encode()
}

// Paging returns the page of the list that the address asks for; the first page if the cursor has
// expired or belongs to another list.
func (v *Visit) Paging() Paging {
	first := Paging{Number: 1, Starts: []string{""}}
	sealed := v.Query(pagesParameter)
	if sealed == "" {
		return first
	}
	var page Paging
	content, err := v.kit.settings.Keyring.Open(pagesPurpose, v.binding(), sealed)
	if err != nil || json.Unmarshal(content, &page) != nil || page.Number < 1 {
		v.flash = &Flash{Text: v.T("The list has changed since. This is its first page.")}
		return first
	}
	return page
}

// Pager has the links to the pages around the one shown; "" where there is none.
type Pager struct {
	Number                int
	First, Previous, Next string
}

// Shown reports whether there is more than one page.
func (p Pager) Shown() bool { return p.Number > 1 || p.Next != "" }

// Pager returns the links around a page. next is the cursor of the following page; "" at the end.
func (v *Visit) Pager(page Paging, next string) Pager {
	pager := Pager{Number: page.Number}
	if page.Number > 1 {
		pager.First = v.pagePath(Paging{Number: 1})
		if before := len(page.Starts) - 1; before > 0 {
			pager.Previous = v.pagePath(Paging{Number: page.Number - 1, Starts: page.Starts[:before]})
		}
	}
	if next != "" {
		starts := append(append([]string{}, page.Starts...), next)
		pager.Next = v.pagePath(Paging{Number: page.Number + 1, Starts: starts[max(0, len(starts)-mostStarts):]})
	}
	return pager
}

// Cut returns the page of a whole list that the address asks for, with the links around it. usual is
// how many rows a page has unless the reader prefers another number.
func Cut[T any](v *Visit, all []T, usual int) ([]T, Pager) {
	paging, size := v.Paging(), v.PageSize(usual)
	first, _ := strconv.Atoi(paging.After()) // "" is the first page
	first = min(max(first, 0), len(all))
	last, next := min(first+size, len(all)), ""
	if last < len(all) {
		next = strconv.Itoa(last)
	}
	return all[first:last], v.Pager(paging, next)
}

// pagePath returns the address of a page of the list; it forgets the earliest pages if the cursors
// are too long.
func (v *Visit) pagePath(page Paging) string {
	query := v.R.URL.Query()
	query.Del(pagesParameter)
	if page.Number == 1 {
		return addressOf(v.R.URL.Path, query)
	}
	for {
		content, err := json.Marshal(page)
		if err != nil {
			return addressOf(v.R.URL.Path, url.Values{})
		}
		sealed := v.kit.settings.Keyring.Seal(pagesPurpose, v.binding(), content)
		if len(sealed) <= maxPages || len(page.Starts) == 1 {
			query.Set(pagesParameter, sealed)
			return addressOf(v.R.URL.Path, query)
		}
		page.Starts = page.Starts[1:]
	}
}
