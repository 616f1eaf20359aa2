package search

import (
	"context"
	"math/bits"
	"slices"

	"github.com/tenantry/tenantry/shared/store/table"
)

// postings walks over the numbers of a gram, a region after the other.
type postings struct {
	direction
	store *budget
	place
	layout
	limit int // heads of the next page

	opened []*opened // regions whose heads are read, and that are not passed
	at     int64     // the stripe that seek gave last
	end    bool      // nothing is behind them
}

// opened is a region with what was read of it.
type opened struct {
	region
	head
	rested bool           // the settled row is read, or there is none
	places []uint32       // the numbers that are in no row of a block, in ascending order
	rows   map[int][]byte // the rows of blocks that were read
}

func (p *postings) regionOf(stripe int64) int64 { return stripe * p.Grams / p.Regions }

// take enters a head that was read.
func (p *postings) take(number int64, item table.Item) error {
	head, err := decodeHead(item.Data)
	if err != nil {
		return err
	}
	p.opened = append(p.opened, &opened{
		region: region{p.place, number}, head: head, rested: head.settling != settled, places: head.recent,
	})
	return nil
}

// count is how many numbers the region at which the walk is has, roughly.
func (p *postings) count() int {
	if len(p.opened) == 0 {
		return 0
	}
	return p.opened[0].count()
}

// seek goes to the first stripe, at the target or behind it, that has numbers; it may be asked
// for targets in their order only.
func (p *postings) seek(ctx context.Context, target int64) (stripe int64, found bool, err error) {
	for target >= 0 {
		wanted := p.regionOf(target)
		for len(p.opened) > 0 && p.before(p.opened[0].number, wanted) {
			p.opened = p.opened[1:]
		}
		if len(p.opened) == 0 {
			if p.end {
				return 0, false, nil
			}
			if err := p.read(ctx, wanted); err != nil || len(p.opened) == 0 {
				return 0, false, err
			}
		}
		here := p.opened[0]
		if err := p.rest(ctx, here); err != nil {
			return 0, false, err
		}
		if stripe, found := p.firstOf(here, target); found {
			p.at = stripe
			return stripe, true, nil
		}
		target = p.edge(p.next(here.number))
	}
	return 0, false, nil
}

func (p *postings) next(region int64) int64 {
	if p.descending {
		return region - 1
	}
	return region + 1
}

// edge is the first stripe of a region, in the order of the walk.
func (p *postings) edge(region int64) int64 {
	stripes := p.Regions / p.Grams
	if p.descending {
		return (region+1)*stripes - 1
	}
	return region * stripes
}

// read adds a page of heads, from a region on.
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
			err = p.take(number, item)
		}
		if err != nil {
			return err
		}
	}
	p.end = page.Next == ""
	p.limit *= 16
	return nil
}

// rest reads the settled row, once.
func (p *postings) rest(ctx context.Context, here *opened) error {
	if here.rested {
		return nil
	}
	item, err := p.store.Get(ctx, here.rest())
	if err != nil {
		return err
	}
	return here.restIs(item)
}

func (o *opened) restIs(item table.Item) error {
	places, err := parsePlaces(item.Data)
	if err != nil {
		return err
	}
	if len(o.places) > 0 {
		places = merge(places, o.places)
	}
	o.rested, o.places = true, places
	return nil
}

// firstOf returns the first stripe of a region, at the target or behind it, that has numbers.
func (p *postings) firstOf(here *opened, target int64) (stripe int64, found bool) {
	offset := here.number * (p.Regions / p.Grams) // the stripes before the region
	within := func(block int64) {
		at := offset + block
		if !found || p.before(at, stripe) {
			stripe, found = at, true
		}
	}
	from := max(target-offset, 0)
	if p.descending {
		from = min(target-offset, p.Regions/p.Grams-1)
		if i := firstFrom(here.places, (from+1)*p.Grams) - 1; i >= 0 {
			within(int64(here.places[i]) / p.Grams)
		}
		if blocks := here.blocks & (^uint64(0) >> (63 - from)); blocks != 0 {
			within(int64(bits.Len64(blocks) - 1))
		}
		return stripe, found
	}
	if i := firstFrom(here.places, from*p.Grams); i < len(here.places) {
		within(int64(here.places[i]) / p.Grams)
	}
	if blocks := here.blocks & (^uint64(0) << from); blocks != 0 {
		within(int64(bits.TrailingZeros64(blocks)))
	}
	return stripe, found
}

// firstFrom returns the index of the first place that is not less.
func firstFrom(places []uint32, least int64) int {
	i, _ := slices.BinarySearchFunc(places, least, func(place uint32, least int64) int {
		if int64(place) < least {
			return -1
		}
		return 1
	})
	return i
}

// into adds the numbers of the stripe that seek gave last.
func (p *postings) into(ctx context.Context, set numbers) error {
	here := p.opened[0]
	block := p.at - here.number*(p.Regions/p.Grams)
	for _, place := range here.places[firstFrom(here.places, block*p.Grams):firstFrom(here.places, (block+1)*p.Grams)] {
		set.add(int(int64(place) % p.Grams))
	}
	if here.blocks&(1<<block) == 0 {
		return nil
	}
	row, err := p.row(ctx, here, int(block))
	if err != nil {
		return err
	}
	return set.decode(row, 0)
}

// row reads the row of a block: at first that alone, then all that follow.
func (p *postings) row(ctx context.Context, here *opened, block int) ([]byte, error) {
	if row, read := here.rows[block]; read {
		return row, nil
	}
	blocks := []int{block}
	if here.rows != nil {
		blocks = here.following(block, p.descending)
	} else {
		here.rows = map[int][]byte{}
	}
	keys := make([]table.Key, len(blocks))
	for i, block := range blocks {
		keys[i] = here.block(p.layout, block)
	}
	items, err := p.store.BatchGet(ctx, keys)
	if err != nil {
		return nil, err
	}
	for i, item := range items {
		here.rows[blocks[i]] = item.Data
	}
	return here.rows[block], nil
}

// following returns a block and those behind it that have rows.
func (o *opened) following(block int, descending bool) (all []int) {
	for each := o.blocks; each != 0; each &= each - 1 {
		if other := bits.TrailingZeros64(each); other == block || other < block == descending {
			all = append(all, other)
		}
	}
	return all
}

// ready reports whether a stripe needs no further request.
func (p *postings) ready(stripe int64) bool {
	if len(p.opened) == 0 {
		return p.end
	}
	here := p.opened[0]
	if here.number != p.regionOf(stripe) {
		return false
	}
	block := int(stripe - here.number*(p.Regions/p.Grams))
	_, read := here.rows[block]
	return here.rested && (read || here.blocks&(1<<block) == 0)
}
