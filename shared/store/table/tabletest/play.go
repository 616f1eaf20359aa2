package tabletest

import (
	"crypto/rand"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/shared/store/table"
)

// minimumPlayed is the minimum number of operations that Play compares.
const minimumPlayed = 10_000

// Play runs random operations on a few keys against two stores that share a clock, and compares
// every result. A difference is shrunk to the shortest sequence that shows it; -rapid.seed with the
// printed seed repeats it. Open returns the two stores of one round of plays; they may have the
// same tables each time.
func Play(t *testing.T, open func(t *testing.T, now func() time.Time) (left, right table.Store)) {
	clock := NewClock()
	var played atomic.Int64
	for round := 0; played.Load() < minimumPlayed && !t.Failed(); round++ {
		t.Run(fmt.Sprintf("round%d", round), func(t *testing.T) {
			left, right := open(t, clock.Now)
			rapid.Check(t, func(t *rapid.T) {
				game := &game{left: left, right: right, clock: clock, place: rand.Text(), played: &played}
				t.Repeat(game.actions())
			})
		})
	}
}

// game is one play, on its own partitions.
type game struct {
	left, right table.Store
	clock       *Clock
	place       string
	played      *atomic.Int64
}

func (g *game) actions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"get": g.get, "batchGet": g.batchGet, "query": g.query, "create": g.create,
		"change": g.change, "transact": g.transact, "put": g.put, "count": g.count, "advance": g.advance,
	}
}

// sorts are few, so that operations collide, and close to each other in byte order.
var sorts = []string{"a", "a\x01", "a#1", "a#2", "b", "é", "ê", "\uffff", "🌍"}

// edges are ends of ranges: sort keys, strings between them, and invalid UTF-8.
var edges = append([]string{"", "", "0", "a#", "a#9", "a$", "c", "\xc3", "\xc3\xaa\x80", "\xf0", "\xff"}, sorts...)

func (g *game) drawKey(t *rapid.T) table.Key {
	return table.Key{
		Table: rapid.SampledFrom([]table.Table{table.Core, table.Core, table.Derived, table.Audit}).
			Draw(t, "table"),
		Partition: g.place + rapid.SampledFrom([]string{"", "1"}).Draw(t, "partition"),
		Sort:      rapid.SampledFrom(sorts).Draw(t, "sort"),
	}
}

func (g *game) drawExpires(t *rapid.T) int64 {
	seconds := rapid.SampledFrom([]int64{0, 0, 0, -5, 1, 2, 5, 100}).Draw(t, "expires in")
	if seconds == 0 {
		return 0
	}
	return g.clock.Now().Unix() + seconds
}

// drawVersion usually returns the stored version.
func (g *game) drawVersion(t *rapid.T, key table.Key) int64 {
	version := rapid.SampledFrom([]int64{-1, -1, -1, 0, 1, 2}).Draw(t, "version")
	if version >= 0 {
		return version
	}
	item, err := g.left.Get(t.Context(), key)
	if err != nil && !errors.Is(err, table.ErrAbsent) {
		t.Fatal(err)
	}
	return item.Version
}

func (g *game) drawItem(t *rapid.T) table.Item {
	return table.Item{
		Key: g.drawKey(t), Expires: g.drawExpires(t),
		Data: []byte(rapid.SampledFrom([]string{``, `{}`, `"é"`, `[1,2,3]`}).Draw(t, "data")),
	}
}

func (g *game) drawWrite(t *rapid.T) table.Write {
	item := g.drawItem(t)
	if item.Table == table.Audit && rapid.IntRange(0, 9).Draw(t, "audit") > 0 {
		return table.Create(item)
	}
	switch rapid.IntRange(0, 5).Draw(t, "kind") {
	case 0:
		return table.Create(item)
	case 1:
		item.Version = g.drawVersion(t, item.Key)
		return table.Update(item)
	case 2:
		return table.Delete(item.Key, g.drawVersion(t, item.Key))
	case 3:
		return table.Require(item.Key, g.drawVersion(t, item.Key))
	case 4:
		if rapid.IntRange(0, 9).Draw(t, "counted") > 0 {
			item.Sort = rapid.SampledFrom([]string{"counter 1", "counter 2"}).Draw(t, "counter")
		}
		return table.Add(item.Key, rapid.Int64Range(-3, 5).Draw(t, "add"),
			rapid.SampledFrom([]int64{table.Unlimited, 0, 3, 6, 100}).Draw(t, "most"), item.Expires)
	default:
		return table.Require(item.Key, 0)
	}
}

func (g *game) create(t *rapid.T) { g.write(t, []table.Write{table.Create(g.drawItem(t))}) }
func (g *game) change(t *rapid.T) { g.write(t, []table.Write{g.drawWrite(t)}) }

func (g *game) transact(t *rapid.T) {
	writes := make([]table.Write, rapid.IntRange(0, 5).Draw(t, "writes"))
	for i := range writes {
		writes[i] = g.drawWrite(t)
	}
	g.write(t, writes)
}

func (g *game) put(t *rapid.T) {
	items := make([]table.Item, rapid.IntRange(1, 3).Draw(t, "puts"))
	for i := range items {
		items[i] = g.drawItem(t)
		items[i].Table = rapid.SampledFrom([]table.Table{table.Derived, table.Derived, table.Derived, table.Core}).
			Draw(t, "put into")
		items[i].Version = rapid.SampledFrom([]int64{0, 1, 2, 2, 9, -1}).Draw(t, "put version")
	}
	leftError := g.left.BatchPut(t.Context(), items)
	rightError := g.right.BatchPut(t.Context(), items)
	g.compare(t, "put", nil, leftError, nil, rightError)
}

func (g *game) write(t *rapid.T, writes []table.Write) {
	leftError := g.left.Transact(t.Context(), writes)
	rightError := g.right.Transact(t.Context(), writes)
	g.compare(t, "transact", nil, leftError, nil, rightError)
}

func (g *game) get(t *rapid.T) {
	key := g.drawKey(t)
	left, leftError := g.left.Get(t.Context(), key)
	right, rightError := g.right.Get(t.Context(), key)
	g.compare(t, "get", []table.Item{left}, leftError, []table.Item{right}, rightError)
}

func (g *game) batchGet(t *rapid.T) {
	keys := rapid.SliceOfN(rapid.Custom(g.drawKey), 0, 8).Draw(t, "keys")
	left, leftError := g.left.BatchGet(t.Context(), keys)
	right, rightError := g.right.BatchGet(t.Context(), keys)
	g.compare(t, "batch get", left, leftError, right, rightError)
}

func (g *game) query(t *rapid.T) {
	query := table.Query{
		Table:      rapid.SampledFrom([]table.Table{table.Core, table.Derived, table.Audit}).Draw(t, "table"),
		Partition:  g.place + rapid.SampledFrom([]string{"", "1"}).Draw(t, "partition"),
		From:       rapid.SampledFrom(edges).Draw(t, "from"),
		To:         rapid.SampledFrom(edges).Draw(t, "to"),
		After:      rapid.SampledFrom(edges).Draw(t, "after"),
		Descending: rapid.Bool().Draw(t, "descending"),
		Limit:      rapid.SampledFrom([]int{1, 2, 3, 5, 1000, 0}).Draw(t, "limit"),
	}
	left, leftError := g.left.Query(t.Context(), query)
	right, rightError := g.right.Query(t.Context(), query)
	g.compare(t, "query", left.Items, leftError, right.Items, rightError)
	if left.Next != right.Next {
		t.Fatalf("query %+v: Next %q and %q", query, left.Next, right.Next)
	}
}

func (g *game) count(t *rapid.T) {
	key := g.drawKey(t)
	key.Sort = rapid.SampledFrom([]string{"counter 1", "counter 2"}).Draw(t, "counter")
	add, expires := rapid.Int64Range(-3, 5).Draw(t, "add"), g.drawExpires(t)
	left, leftError := g.left.Count(t.Context(), key, add, expires)
	right, rightError := g.right.Count(t.Context(), key, add, expires)
	g.compare(t, "count", nil, leftError, nil, rightError)
	if left != right {
		t.Fatalf("count: %d and %d", left, right)
	}
}

func (g *game) advance(t *rapid.T) {
	g.clock.Advance(time.Duration(rapid.IntRange(1, 3).Draw(t, "seconds")) * time.Second)
}

func (g *game) compare(
	t *rapid.T,
	name string,
	left []table.Item,
	leftError error,
	right []table.Item,
	rightError error,
) {
	g.played.Add(1)
	leftClass, rightClass := class(leftError), class(rightError)
	if leftClass != rightClass || leftClass == unexpected {
		t.Fatalf("%s: errors %v and %v", name, leftError, rightError)
	}
	if diff := cmp.Diff(left, right, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("%s (-left +right):\n%s", name, diff)
	}
}

const unexpected = "unexpected"

// class returns the part of an error that a caller can distinguish.
func class(err error) string {
	conflict, isConflict := errors.AsType[*table.ConflictError](err)
	switch {
	case err == nil:
		return ""
	case isConflict:
		return fmt.Sprintf("conflict at %d on %v", conflict.Index, conflict.Key)
	case errors.Is(err, table.ErrAbsent):
		return "absent"
	case errors.Is(err, table.ErrBadRequest):
		return "bad request"
	default:
		return unexpected
	}
}
