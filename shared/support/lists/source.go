package lists

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
)

// source provides the cases of a scope to a rebuild of the index.
type source struct {
	*Service
	scope Scope
}

// Numbers returns the numbers of a page of the scope's lists. A case that changes in the meantime may
// appear twice or not at all; the index receives its change anyway.
func (s source) Numbers(ctx context.Context, cursor string) (numbers []int64, next string, err error) {
	names := support.ListNames()
	name, after, _ := strings.Cut(cursor, " ")
	position := slices.Index(names, cmp.Or(name, names[0]))
	if position < 0 {
		return nil, "", fmt.Errorf("the rebuild's cursor %q cannot be read", cursor)
	}
	page, err := s.journal.Query(ctx, table.Query{
		Partition: s.scope.Space() + "#CASES#" + cmp.Or(name, names[0]), Limit: table.MaxPage, After: after,
	})
	if err != nil {
		return nil, "", err
	}
	for _, item := range page.Items {
		var summary support.Summary
		if err := change.Decode(item, &summary); err != nil {
			return nil, "", err
		}
		numbers = append(numbers, summary.Number)
	}
	if page.Next != "" {
		return numbers, names[position] + " " + page.Next, nil
	}
	if rest := names[position+1:]; len(rest) > 0 {
		next = rest[0] + " "
	}
	return numbers, next, nil
}

// Documents returns those of the cases that exist and belong to the scope now.
func (s source) Documents(ctx context.Context, numbers []int64) ([]search.Document, error) {
	keys := make([]table.Key, len(numbers))
	for i, number := range numbers {
		keys[i] = support.NumberKey(number)
	}
	entries, err := s.journal.BatchGet(ctx, keys)
	if err != nil {
		return nil, err
	}
	keys = keys[:0]
	for _, item := range entries {
		if item.Version == 0 {
			continue // purged in the meantime
		}
		var entry support.NumberEntry
		if err := change.Decode(item, &entry); err != nil {
			return nil, err
		}
		keys = append(keys, support.CaseKey(entry.OrgID, entry.CaseID, support.CaseSort),
			support.CaseKey(entry.OrgID, entry.CaseID, support.DescriptionSort))
	}
	if len(keys) == 0 {
		return nil, nil
	}
	items, err := s.journal.BatchGet(ctx, keys)
	if err != nil {
		return nil, err
	}
	var documents []search.Document
	for i := 0; i < len(items); i += 2 {
		if items[i].Version == 0 {
			continue
		}
		c, document, err := documentOf(items[i], items[i+1])
		if err != nil {
			return nil, err
		}
		if s.scope.holds(c) {
			documents = append(documents, document)
		}
	}
	return documents, nil
}

// holds reports whether a case belongs to the scope; the empty scope is the platform's direct customers.
func (s Scope) holds(c support.Case) bool {
	if c.Binned > 0 {
		return false
	}
	if s.OrgID != "" {
		return c.OrgID == s.OrgID
	}
	return c.MSPID == s.MSPID
}
