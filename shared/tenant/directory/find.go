package directory

import (
	"context"
	"errors"
	"slices"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/search"
)

// found is what the index finds for a page.
type found struct {
	hits  []search.Hit
	total int64
	exact bool
	next  string
}

// find returns a page of a space.
func (s *Service) find(ctx context.Context, space string, query Query) (found, error) {
	where := query.where()
	switch {
	case search.Fold(query.Name) == "" && query.Limit == 0 && len(where) == 0:
		state, err := s.index.State(ctx, space)
		return found{total: state.Documents, exact: true}, err
	case search.Fold(query.Name) == "" && query.Limit == 0 && len(where) == 1 && len(where[0].Values) == 1:
		term := search.Term{Field: where[0].Field, Value: where[0].Values[0]}
		counts, err := s.index.CountsOf(ctx, space, []search.Term{term})
		if err != nil {
			return found{}, err
		}
		return found{total: counts[0], exact: true}, nil
	case search.Fold(query.Name) != "":
		return s.findNamed(ctx, space, query)
	case query.After == "" && query.Offset > 0:
		return s.skipTo(ctx, space, query)
	default:
		return s.findListed(ctx, space, query)
	}
}

// searchQuery returns the query in the form that the index takes.
func (q Query) searchQuery() search.Query {
	order, descending := q.order()
	return search.Query{
		Where: q.where(), Phrase: q.Name, Order: order, Descending: descending, Limit: max(q.Limit, 1), After: q.After,
	}
}

// mostTurns is how often a page is added to that the index cut short.
const mostTurns = 5

// findListed returns a page of a list without a name to look for.
func (s *Service) findListed(ctx context.Context, space string, query Query) (found, error) {
	wanted := query.searchQuery()
	var result found
	for turn := 0; ; turn++ {
		page, err := s.index.Find(ctx, space, wanted)
		if err != nil {
			return found{}, err
		}
		if turn == 0 {
			result.total, result.exact = page.Total, page.Exact
		}
		result.hits, result.next = append(result.hits, page.Hits...), page.Next
		if query.Limit == 0 {
			return found{total: result.total, exact: result.exact}, nil
		}
		wanted.After, wanted.Limit = page.Next, query.Limit-len(result.hits)
		if wanted.After == "" || wanted.Limit <= 0 || turn == mostTurns {
			return result, nil
		}
	}
}

// findNamed returns a page of the organizations with a part of a name. If very many have it, it looks at
// the names themselves.
func (s *Service) findNamed(ctx context.Context, space string, query Query) (found, error) {
	if isScan(query.After) || search.CheckPhrase(query.Name) != nil { // such as a single letter
		return s.scan(ctx, space, query)
	}
	wanted := query.searchQuery()
	if query.After == "" {
		wanted.Limit = min(wanted.Limit+query.Offset, search.MostHits)
	}
	page, err := s.index.Find(ctx, space, wanted)
	if fault.Is(err, fault.Invalid) { // too many to be sorted
		return s.scan(ctx, space, query)
	}
	if err != nil {
		return found{}, err
	}
	result := found{hits: page.Hits, total: page.Total, exact: page.Exact, next: page.Next}
	if query.After == "" {
		result.hits = result.hits[min(query.Offset, len(result.hits)):]
	}
	if query.Limit == 0 {
		result.hits, result.next = nil, ""
	}
	return result, nil
}

// skipTo returns a page of a list by how many come before it.
func (s *Service) skipTo(ctx context.Context, space string, query Query) (found, error) {
	result := found{exact: true}
	has := func(int64) bool { return true }
	if where := query.where(); len(where) > 0 {
		set, err := s.index.Matching(ctx, space, where)
		if err != nil {
			return found{}, err
		}
		has, result.total = set.Has, set.Count()
	} else {
		state, err := s.index.State(ctx, space)
		if err != nil {
			return found{}, err
		}
		result.total = state.Documents
	}
	if int64(query.Offset) >= result.total || query.Limit == 0 {
		return result, nil
	}
	order, descending := query.order()
	size := min(query.Limit, int(result.total)-query.Offset)
	taking := taker{offset: query.Offset, limit: size}
	fromEnd := int64(query.Offset) > result.total/2
	if fromEnd { // which is nearer
		descending, taking.offset = !descending, int(result.total)-query.Offset-size
	}
	err := s.walk(ctx, space, walking{order: order, descending: descending}, func(keys []search.OrderKey) (bool, error) {
		for _, key := range keys {
			if has(key.Number) {
				taking.take(key)
			}
		}
		return len(taking.keys) < size, nil
	})
	if errors.Is(err, errTooLong) {
		err = fault.InField("page", "is too far into the list: filter more narrowly")
	}
	if err != nil {
		return found{}, err
	}
	if fromEnd {
		slices.Reverse(taking.keys)
	}
	if len(taking.keys) > 0 && int64(query.Offset+size) < result.total {
		result.next = taking.keys[len(taking.keys)-1].After()
	}
	result.hits, err = s.index.Documents(ctx, space, taking.numbers())
	return result, err
}
