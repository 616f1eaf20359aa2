package search

import (
	"context"
	"math/bits"
	"slices"

	"github.com/tenantry/tenantry/shared/store/table"
)

// postings walks over the numbers of an n-gram, region by region.
type postings struct {
	direction
	store *budget
	place
	layout
	limit int // heads on the next page

	open []*openRegion // regions whose heads have been read and that the walk has not passed
	at   int64         // the stripe that seek returned last
	end  bool          // there are no regions after these
}

// openRegion is a region and the rows of it that have been read.
type openRegion struct {
	region
	head
	restRead bool           // the compacted row has been read, or there is none
	places   []uint32       // the numbers that are not in the row of a block, ascending
	rows     map[int][]byte // the rows of blocks that have been read
}

// regionOf returns the region of a stripe.
func (p *postings) regionOf(stripe int64) int64 { return stripe * p.Grams / p.Regions }

// addHead adds a region whose head has been read.
func (p *postings) addHead(number int64, item table.Item) error {
	head, err := decodeHead(item.Data)
	if err != nil {
		return err
	}
	p.open = append(p.open, &openRegion{
		region:   region{p.place, number},
		head:     head,
		restRead: head.compaction != compacted,
		places:   head.recent,
	})
	return nil
}

// count returns roughly how many numbers the current region has.
func (p *postings) count() int {
	if len(p.open) == 0 {
		return 0
	}
	return p.open[0].count()
}

// seek moves to the first stripe at or after the target that has numbers. Targets must not go
// backwards.
func (p *postings) seek(ctx context.Context, target int64) (stripe int64, ok bool, err error) {
	for target >= 0 {
		number := p.regionOf(target)
		for len(p.open) > 0 && p.before(p.open[0].number, number) {
			p.open = p.open[1:]
		}
		if len(p.open) == 0 {
			if p.end {
				return 0, false, nil
			}
			if err := p.read(ctx, number); err != nil || len(p.open) == 0 {
				return 0, false, err
			}
		}
		current := p.open[0]
		if err := p.readRest(ctx, current); err != nil {
			return 0, false, err
		}
		if stripe, ok := p.firstOf(current, target); ok {
			p.at = stripe
			return stripe, true, nil
		}
		target = p.edge(p.next(current.number))
	}
	return 0, false, nil
}

// edge returns the first stripe of a region in the direction of the walk.
func (p *postings) edge(region int64) int64 {
	stripes := p.Regions / p.Grams
	if p.descending {
		return (region+1)*stripes - 1
	}
	return region * stripes
}

// read appends a page of heads, starting at a region.
func (p *postings) read(ctx context.Context, from int64) error {
	prefix := p.prefix + "h"
	query := table.WithPrefix(table.Derived, p.partition, prefix)
	query.Limit, query.Descending = min(p.limit, table.MaxPage), p.descending
	if p.descending {
		query.To = prefix + ordered(from+1)
	} else {
		query.From = prefix + ordered(from)
	}
	page, err := p.store.Query(ctx, query)
	if err != nil {
		return err
	}
	for _, item := range page.Items {
		number, err := parseOrdered(item.Sort[len(prefix):])
		if err == nil {
			err = p.addHead(number, item)
		}
		if err != nil {
			return err
		}
	}
	p.end = page.Next == ""
	p.limit *= 16
	return nil
}

// readRest reads the compacted row of a region unless that has been done.
func (p *postings) readRest(ctx context.Context, current *openRegion) error {
	if current.restRead {
		return nil
	}
	item, err := p.store.Get(ctx, current.rest())
	if err != nil {
		return err
	}
	return current.setRest(item)
}

// setRest adds the numbers of the compacted row.
func (o *openRegion) setRest(item table.Item) error {
	places, err := parsePlaces(item.Data)
	if err != nil {
		return err
	}
	if len(o.places) > 0 {
		places = merge(places, o.places)
	}
	o.restRead, o.places = true, places
	return nil
}

// firstOf returns the first stripe of a region at or after the target that has numbers.
func (p *postings) firstOf(current *openRegion, target int64) (stripe int64, ok bool) {
	offset := current.number * (p.Regions / p.Grams) // the first stripe of the region
	consider := func(block int64) {
		at := offset + block
		if !ok || p.before(at, stripe) {
			stripe, ok = at, true
		}
	}
	from := max(target-offset, 0)
	if p.descending {
		from = min(target-offset, p.Regions/p.Grams-1)
		if i := firstFrom(current.places, (from+1)*p.Grams) - 1; i >= 0 {
			consider(int64(current.places[i]) / p.Grams)
		}
		if blocks := current.blocks & (^uint64(0) >> (63 - from)); blocks != 0 {
			consider(int64(bits.Len64(blocks) - 1))
		}
		return stripe, ok
	}
	if i := firstFrom(current.places, from*p.Grams); i < len(current.places) {
		consider(int64(current.places[i]) / p.Grams)
	}
	if blocks := current.blocks & (^uint64(0) << from); blocks != 0 {
		consider(int64(bits.TrailingZeros64(blocks)))
	}
	return stripe, ok
}

// firstFrom returns the index of the first place that is not less than the minimum.
func firstFrom(places []uint32, minimum int64) int {
	i, _ := slices.BinarySearchFunc(places, minimum, func(place uint32, minimum int64) int {
		if int64(place) < minimum {
			return -1
		}
		return 1
	})
	return i
}

// into adds the numbers of the stripe that seek returned last to set.
func (p *postings) into(ctx context.Context, set numbers) error {
	current := p.open[0]
	block := p.at - current.number*(p.Regions/p.Grams)
	from, to := firstFrom(current.places, block*p.Grams), firstFrom(current.places, (block+1)*p.Grams)
	for _, place := range current.places[from:to] {
		set.add(int(int64(place) % p.Grams))
	}
	if current.blocks&(1<<block) == 0 {
		return nil
	}
	row, err := p.row(ctx, current, int(block))
	if err != nil {
		return err
	}
	return set.decode(row, 0)
}

// row returns the row of a block. The first call reads that row only; a later one also reads the
// rows of the blocks that follow.
func (p *postings) row(ctx context.Context, current *openRegion, block int) ([]byte, error) {
	if row, read := current.rows[block]; read {
		return row, nil
	}
	blocks := []int{block}
	if current.rows != nil {
		blocks = current.following(block, p.descending)
	} else {
		current.rows = map[int][]byte{}
	}
	keys := make([]table.Key, len(blocks))
	for i, block := range blocks {
		keys[i] = current.block(p.layout, block)
	}
	items, err := p.store.BatchGet(ctx, keys)
	if err != nil {
		return nil, err
	}
	for i, item := range items {
		current.rows[blocks[i]] = item.Data
	}
	return current.rows[block], nil
}

// following returns a block and the blocks after it that have rows.
func (o *openRegion) following(block int, descending bool) (blocks []int) {
	for rest := o.blocks; rest != 0; rest &= rest - 1 {
		if other := bits.TrailingZeros64(rest); other == block || other < block == descending {
			blocks = append(blocks, other)
		}
	}
	return blocks
}

// ready reports whether the numbers of a stripe can be added without another request.
func (p *postings) ready(stripe int64) bool {
	if len(p.open) == 0 {
		return p.end
	}
	current := p.open[0]
	if current.number != p.regionOf(stripe) {
		return false
	}
	block := int(stripe - current.number*(p.Regions/p.Grams))
	_, read := current.rows[block]
	return current.restRead && (read || current.blocks&(1<<block) == 0)
}
