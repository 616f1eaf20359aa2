package lists

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
)

// afterNumber is the Next of a page that has no room for more than the case with the number.
const afterNumber = "number"

var (
	// onlyNumber is a phrase that is a case's number and nothing else, in its folded form.
	onlyNumber = regexp.MustCompile(`^\[?(?:case|ticket)? ?#?(\d{1,15})\]?$`)
	// markedNumber is a number as the subjects of mails have it.
	markedNumber = regexp.MustCompile(`\[case #?(\d{1,15})\]`)
)

// Number returns the number of the case that a phrase asks for, as in "381", "#381", "case 381" and
// "[Case 381]"; 0 if it asks for none.
func Number(phrase string) int64 {
	folded := search.Fold(phrase)
	match := onlyNumber.FindStringSubmatch(folded)
	if match == nil {
		if match = markedNumber.FindStringSubmatch(folded); match == nil {
			return 0
		}
	}
	number, err := strconv.ParseInt(match[1], 10, 64)
	if err != nil {
		return 0 // not more than fifteen digits, so it is a number
	}
	return number
}

// CheckPhrase returns a fault of code Invalid for a phrase that cannot be searched for: one that is
// neither a number nor has two letters. An empty phrase asks for nothing and is right.
func CheckPhrase(phrase string) error {
	if Number(phrase) > 0 {
		return nil
	}
	return search.CheckPhrase(phrase)
}

// foundPage returns a page of an indexed list. The first one begins with the case whose number is
// searched for, read where it is stored, so that it is found before it is indexed; not if its
// organization withholds it, because the answer would differ from that to a number of no case.
func (s *Service) foundPage(ctx context.Context, scope Scope, query Query, admission Admission) (Page, error) {
	number := Number(query.Phrase)
	if number == 0 {
		return s.indexedPage(ctx, scope, query)
	}
	var named []numbered
	if query.After == "" {
		one, err := s.byNumber(ctx, scope, query, number)
		if err != nil {
			return Page{}, err
		}
		named = slices.DeleteFunc(one, func(c numbered) bool { return admission.withholds(c.OrgID) })
	}
	rest, page := query, Page{Exact: true}
	if rest.After == afterNumber {
		rest.After = ""
	}
	rest.Limit -= len(named)
	switch {
	case search.CheckPhrase(query.Phrase) != nil: // a single digit: no text is searched for it
	case rest.Limit == 0:
		page.Next = afterNumber
	default:
		var err error
		if page, err = s.indexedPage(ctx, scope, rest); err != nil {
			return Page{}, err
		}
	}
	page.Lines = slices.DeleteFunc(page.Lines, func(line support.Summary) bool { return line.Number == number })
	for _, one := range named {
		page.Lines = slices.Insert(page.Lines, 0, one.Summary())
		if page.Total++; one.inText && page.Total > 1 {
			page.Total-- // it is one of those with the phrase
		}
	}
	return page, nil
}

// numbered is a case that was found by its number; inText is set if the index finds it by the phrase
// too.
type numbered struct {
	support.Case
	inText bool
}

// byNumber reads the case with a number, if it is one of those that the query selects from.
func (s *Service) byNumber(
	ctx context.Context,
	scope Scope,
	query Query,
	number int64,
) ([]numbered, error) {
	key := support.NumberKey(number)
	pointers, err := s.journal.BatchGet(ctx, []table.Key{key})
	if err != nil || pointers[0].Version == 0 {
		return nil, err
	}
	var pointer support.NumberEntry
	if err := change.Decode(pointers[0], &pointer); err != nil {
		return nil, err
	}
	items, err := s.journal.BatchGet(ctx, []table.Key{
		support.CaseKey(pointer.OrgID, pointer.CaseID, support.CaseSort),
		support.CaseKey(pointer.OrgID, pointer.CaseID, support.DescriptionSort),
	})
	if err != nil || items[0].Version == 0 {
		return nil, err
	}
	c, document, err := documentOf(items[0], items[1])
	if err != nil || c.Binned > 0 || !slices.Contains(spaces(c), scope.Space()) || !query.selects(c, s.journal.Now()) {
		return nil, err
	}
	indexed := s.SearchQuery(query).Where[0].Values // the lists whose texts are searched
	inText := slices.Contains(indexed, string(state(c))) &&
		strings.Contains(search.Fold(document.Text), search.Fold(query.Phrase))
	return []numbered{{Case: c, inText: inText}}, nil
}

// selects reports whether a case is in the lists that a query names, and has the values of its filters at a time.
func (w Query) selects(c support.Case, now time.Time) bool {
	if w.AnyList {
		w.State = AllLists
	}
	has := terms(c)
	for _, condition := range w.searchQuery(now).Where {
		if !slices.ContainsFunc(has, func(term search.Term) bool {
			return term.Field == condition.Field && slices.Contains(condition.Values, term.Value)
		}) {
			return false
		}
	}
	return true
}
