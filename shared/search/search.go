package search

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/store/table"
)

const (
	// maxPhraseGrams is the maximum number of n-grams used to search for a phrase. One request
	// reads the heads of all of them.
	maxPhraseGrams = 12
	// minLeading is the minimum number of n-grams, the rarest ones, that decide which stripes are
	// read.
	minLeading = 2
)

// searchByNumber returns a page of the documents that contain the phrase, ordered by number.
func (f *finder) searchByNumber(ctx context.Context) (Page, error) {
	walk, err := f.search(ctx)
	if err != nil {
		return Page{}, err
	}
	v := &verifier{finder: f, walk: walk}
	reached, spent, err := walk.each(ctx, f.target(), func(set numbers, stripe int64) (bool, error) {
		v.pending = append(v.pending, f.afterCursor(walk.numbersOf(set, stripe))...)
		return v.drain(ctx, false)
	})
	if err == nil && !v.done {
		_, err = v.drain(ctx, true)
	}
	if err != nil {
		return Page{}, err
	}
	hits := v.hits
	seen := int64(len(hits))
	if f.after != nil {
		seen += f.after.Seen
	}
	page := Page{Total: seen}
	next := cursor{Seen: seen}
	switch {
	case len(hits) > f.Limit:
		next.Seen -= int64(len(hits) - f.Limit)
		hits = hits[:f.Limit]
		next.Number = hits[f.Limit-1]
		page.Next = next.String()
	case v.done:
		next.Number = v.last
		page.Next = next.String()
	case spent:
		next.Number = walk.start(reached)
		page.Next = next.String()
	default:
		page.Exact = true
	}
	page.Hits, err = f.hits(ctx, hits)
	return page, err
}

// verifier compares candidates with their texts. It reads many texts at a time, even if each stripe
// has only a few candidates.
type verifier struct {
	*finder
	walk    *walk
	pending []int64
	hits    []int64
	last    int64 // the last number checked
	done    bool  // the page is full, or no requests are left
}

// drain verifies the pending numbers in full requests, and the rest of them too if all is set. It
// reports whether the page needs more.
func (v *verifier) drain(ctx context.Context, all bool) (bool, error) {
	for len(v.pending) > 0 {
		// Most candidates contain the phrase, so the first request is for one page.
		size := table.MaxBatch
		if v.last == 0 {
			size = min(size, v.Limit+5)
		}
		if len(v.pending) < size && !all {
			return true, nil
		}
		batch := v.pending[:min(size, len(v.pending))]
		matching, err := v.verify(ctx, v.walk, batch)
		if err != nil {
			return false, err
		}
		v.hits, v.pending, v.last = append(v.hits, matching...), v.pending[len(batch):], batch[len(batch)-1]
		if len(v.hits) > v.Limit || v.store.spent() && len(v.pending) > 0 {
			v.done = true
			return false, nil
		}
	}
	return true, nil
}

// search returns a walk over all documents that match the conditions and may contain the phrase. It
// reads the marks of fresh texts before the n-grams, so that a text packed in between is seen at
// least once.
func (f *finder) search(ctx context.Context) (*walk, error) {
	w := &walk{direction: f.direction, stripe: f.state.Grams, verdicts: map[int64]bool{}}
	if err := f.readFresh(ctx, w); err != nil {
		return nil, err
	}
	parts, lists := f.conditions(1)
	grams, err := f.openNgrams(ctx)
	if err != nil {
		return nil, err
	}
	if err := prefetch(ctx, lists, f.target()); err != nil {
		return nil, err
	}
	w.main = &intersection{direction: f.direction, store: f.store, stripe: f.state.Grams}
	lead, err := f.lead(ctx, grams)
	if err != nil {
		return nil, err
	}
	for i, gram := range grams {
		if i < lead {
			w.main.parts = append(w.main.parts, gram)
		} else {
			w.main.more = append(w.main.more, gram)
		}
	}
	w.main.parts = append(w.main.parts, parts...)
	return w, nil
}

// lead returns how many of the n-grams, which are sorted with the rarest first, select the stripes
// to read. It reads their compacted rows until few numbers have all n-grams so far, or until an
// n-gram is split. The result is at least minLeading, if there are that many.
func (f *finder) lead(ctx context.Context, grams []*postings) (int, error) {
	var candidates []uint32
	for i, gram := range grams {
		if len(gram.open) == 0 {
			continue
		}
		current := gram.open[0]
		if current.compaction == split || i >= minLeading && len(candidates) <= fewEnough {
			return max(i, min(minLeading, len(grams))), nil
		}
		if err := gram.readRest(ctx, current); err != nil {
			return 0, err
		}
		if i == 0 {
			candidates = current.places
		} else {
			candidates = common(candidates, current.places)
		}
	}
	return len(grams), nil
}

// common returns the places that are in both lists, which are in ascending order.
func common(a, b []uint32) (both []uint32) {
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			a = a[1:]
		case a[0] > b[0]:
			b = b[1:]
		default:
			both, a, b = append(both, a[0]), a[1:], b[1:]
		}
	}
	return both
}

// openNgrams reads the first head of each n-gram of the phrase and returns the n-grams with the
// rarest first.
func (f *finder) openNgrams(ctx context.Context) ([]*postings, error) {
	ngrams := spreadOver(phraseNgrams(f.folded), maxPhraseGrams)
	grams, keys := make([]*postings, len(ngrams)), make([]table.Key, len(ngrams))
	last := f.state.Last / f.state.Regions
	first := f.target() * f.state.Grams / f.state.Regions
	if f.Descending {
		first = min(first, last)
	}
	for i, gram := range ngrams {
		f.store.left.Add(2) // allow for reading each of them at least once
		grams[i] = &postings{
			direction: f.direction,
			store:     f.store,
			place:     f.ngram(gram),
			layout:    f.state.layout,
			limit:     1,
		}
		grams[i].end = f.Descending && first == 0 || !f.Descending && first >= last
		keys[i] = region{grams[i].place, first}.head()
	}
	heads, err := f.store.BatchGet(ctx, keys)
	if err != nil {
		return nil, err
	}
	for i, item := range heads {
		if item.Version == 0 {
			continue
		}
		if err := grams[i].addHead(first, item); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(grams, func(a, b *postings) int { return cmp.Compare(a.count(), b.count()) })
	return grams, nil
}

// verify returns the numbers of the batch whose texts contain the phrase.
func (f *finder) verify(ctx context.Context, w *walk, batch []int64) ([]int64, error) {
	var unknown []int64
	for _, number := range batch {
		if _, known := w.verdicts[number]; !known {
			unknown = append(unknown, number)
		}
	}
	items, err := f.rows(ctx, f.texts(), unknown)
	if err != nil {
		return nil, err
	}
	matching := map[int64]bool{}
	for i, item := range items {
		if item.Version == 0 {
			continue
		}
		text, err := textOf(item)
		if err != nil {
			return nil, err
		}
		matching[unknown[i]] = strings.Contains(text, f.folded)
	}
	var hits []int64
	for _, number := range batch {
		if matching[number] || w.verdicts[number] {
			hits = append(hits, number)
		}
	}
	return hits, nil
}

// textOf decodes a stored text. Most texts contain no JSON escapes and need no decoder.
func textOf(item table.Item) (string, error) {
	text := string(item.Data)
	if len(text) >= 2 && !strings.Contains(text, `\`) {
		return text[1 : len(text)-1], nil
	}
	err := json.Unmarshal(item.Data, &text)
	return text, err
}

// readFresh compares all fresh texts with the phrase and adds the results to the walk.
func (f *finder) readFresh(ctx context.Context, w *walk) error {
	if f.state.Fresh == 0 {
		return nil
	}
	query := table.Query{Table: table.Derived, Partition: f.fresh(), Limit: table.MaxPage}
	var matching, long []int64
	for {
		page, err := f.store.Query(ctx, query)
		if err != nil {
			return err
		}
		for _, item := range page.Items {
			number, err := parseOrdered(item.Sort)
			if err != nil {
				return err
			}
			fresh, err := decode[mark](item)
			if err != nil {
				return err
			}
			switch {
			case fresh.Text == "":
				long = append(long, number)
			case strings.Contains(fresh.Text, f.folded):
				matching = append(matching, number)
			default:
				w.verdicts[number] = false
			}
		}
		if query.After = page.Next; page.Next == "" {
			break
		}
	}
	verified, err := f.verify(ctx, w, long)
	if err != nil {
		return err
	}
	for _, number := range long {
		w.verdicts[number] = false
	}
	return f.addKnown(ctx, w, append(matching, verified...))
}

// addKnown adds documents whose fresh texts contain the phrase to the walk, if they match the
// conditions.
func (f *finder) addKnown(ctx context.Context, w *walk, numbers []int64) error {
	for _, number := range numbers {
		w.verdicts[number] = false
	}
	if len(f.Where) > 0 {
		matches, err := f.read(ctx, numbers)
		if err != nil {
			return err
		}
		numbers = numbers[:0]
		for _, match := range matches {
			numbers = append(numbers, match.number)
		}
	}
	for _, number := range numbers {
		w.verdicts[number] = true
	}
	w.known = numbers
	slices.Sort(w.known)
	if w.descending {
		slices.Reverse(w.known)
	}
	return nil
}
