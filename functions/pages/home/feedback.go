package home

import (
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/feedback"
)

// say stores what the reader says about a guide.
func (p Pages) say(v *kit.Visit) error {
	page := kit.LocalPath(v.Line("page"))
	one := guideOf(v, page)
	given := feedback.Given{
		Page: one.name(), Helpful: v.Line("helpful") == "true", Text: strings.TrimSpace(v.Text("text")),
		MayAnswer: v.Ticked("may_answer"),
	}
	if err := p.Feedback.Give(v.Context(), *v.By, given); err != nil {
		refusal := kit.Refusal{Title: one.title, Heading: v.T("Your feedback was not saved")}
		return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return guidePage(f, one, page, given.Text) })
	}
	v.Done(v.T("Thank you. Your feedback helps us improve."))
	return v.GoTo("/help?page=" + url.QueryEscape(page))
}

// longestName is the maximum length of a guide's name in bytes.
const longestName = 100

// pageSize is how many guides or entries a page of the feedback shows, unless the reader prefers
// another number.
const pageSize = 50

// said is what people say about the guides, for operators.
type said struct {
	pages   []feedback.Page
	page    string
	entries []feedback.Entry
	pager   kit.Pager
}

// feedback shows what people said about the guides: all guides, or what was said about one.
func (p Pages) feedback(v *kit.Visit) error {
	if err := scope.Platform(v); err != nil {
		return err
	}
	paging := v.Paging()
	shown := said{page: v.Query("page_of")}
	var next string
	var err error
	if len(shown.page) > longestName {
		return fault.Missing()
	}
	if shown.page == "" {
		shown.pages, next, err = p.Feedback.Pages(v.Context(), *v.By, v.PageSize(pageSize), paging.After())
	} else {
		v.Trail(kit.Link{Label: v.T("Feedback"), Path: "/platform/feedback"})
		shown.entries, next, err = p.Feedback.Entries(v.Context(), *v.By, shown.page, v.PageSize(pageSize), paging.After())
	}
	if err != nil {
		return err
	}
	shown.pager = v.Pager(paging, next)
	return v.Show(feedbackPage(v.Frame(v.T("Feedback on the guides")), shown))
}
