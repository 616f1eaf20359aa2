package searchbench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/tenantry/tenantry/shared/search"
)

// kind is a kind of request.
type kind struct {
	name string
	// prepare chooses the input of a request. It is not measured.
	prepare func(random *rand.Rand) request
}

// request runs one request.
type request func(ctx context.Context, index *search.Index) error

// page is the limit of each query.
const page = 50

// find returns a kind that finds a page of a random query.
func find(name string, query func(random *rand.Rand) search.Query) kind {
	return kind{name, func(random *rand.Rand) request {
		q := query(random)
		q.Limit = page
		return func(ctx context.Context, index *search.Index) error {
			_, err := index.Find(ctx, space, q)
			return err
		}
	}}
}

// kinds returns the kinds of requests that are measured.
func kinds(c *corpus) []kind {
	where := func(terms ...string) (conditions []search.Condition) {
		for _, term := range terms {
			field, value, _ := strings.Cut(term, "=")
			conditions = append(conditions, search.Condition{Field: field, Values: []string{value}})
		}
		return conditions
	}
	twoFields := func(random *rand.Rand) []search.Condition {
		return where(fmt.Sprintf("assignee=agent%d", random.IntN(20)), "severity="+severities[random.IntN(3)])
	}
	phrase := func(text func(random *rand.Rand) string) func(*rand.Rand) search.Query {
		return func(random *rand.Rand) search.Query {
			return search.Query{Phrase: text(random), Descending: true}
		}
	}
	words := func(random *rand.Rand, count int) string {
		text := strings.Fields(c.text(1 + random.Int64N(c.size)))
		from := random.IntN(len(text) - count)
		return strings.Join(text[from:from+count], " ")
	}
	return []kind{
		find("search a rare word", phrase(func(random *rand.Rand) string {
			return rareWord(random.Int64N(rareWords))
		})),
		find("search a word that is nowhere", phrase(func(random *rand.Rand) string {
			return newWord(random, vocabulary) + newWord(random, vocabulary)
		})),
		find("search a common word", phrase(func(random *rand.Rand) string { return c.words[random.IntN(50)] })),
		find("search any word of a text", phrase(func(random *rand.Rand) string { return words(random, 1) })),
		find("search a phrase of three words", phrase(func(random *rand.Rand) string { return words(random, 3) })),
		find("search two letters", phrase(func(random *rand.Rand) string {
			return c.words[200+random.IntN(1000)][:2]
		})),
		find("search a number", phrase(c.number)),
		find("search a common word in a filter", func(random *rand.Rand) search.Query {
			return search.Query{
				Phrase:     c.words[random.IntN(50)],
				Where:      where("state=closed", "severity="+severities[random.IntN(2)]),
				Descending: true,
			}
		}),
		find("list by number", func(*rand.Rand) search.Query { return search.Query{Descending: true} }),
		find("list by an order", func(*rand.Rand) search.Query {
			return search.Query{Order: "changed", Descending: true}
		}),
		find("filter by one field, exact total", func(random *rand.Rand) search.Query {
			return search.Query{Where: where(fmt.Sprintf("assignee=agent%d", random.IntN(20))), Descending: true}
		}),
		find("filter by two fields, exact total", func(random *rand.Rand) search.Query {
			return search.Query{Where: twoFields(random), Descending: true}
		}),
		find("filter by two fields in an order", func(random *rand.Rand) search.Query {
			return search.Query{Where: twoFields(random), Order: "changed", Descending: true}
		}),
		{"totals of a field", func(*rand.Rand) request {
			return func(ctx context.Context, index *search.Index) error {
				_, _, err := index.Totals(ctx, space, "category", 100, "")
				return err
			}
		}},
	}
}

// number returns a number that occurs in some text.
func (c *corpus) number(random *rand.Rand) string {
	for {
		_, rest, ok := strings.Cut(c.text(1+random.Int64N(c.size)), "INV-")
		if ok {
			return rest[:8]
		}
	}
}
