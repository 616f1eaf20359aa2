package search

import (
	"maps"
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/store/table"
)

const (
	// tombstoneDays is how long the version of a removed document is kept. It is longer than any
	// message waits in a queue.
	tombstoneDays = 30
	// maxTransactionBytes is the maximum size of the documents and texts in a transaction. It is
	// well below the limit of the store, to leave room for the sets.
	maxTransactionBytes = 2 << 20
	// maxInlineText is the size, in bytes, up to which a fresh text is kept with its mark.
	maxInlineText = 2048
)

// plan collects the changes of one transaction.
type plan struct {
	generation
	state    *state
	now      time.Time
	writes   []table.Write              // to rows whose versions are known
	sets     map[table.Key]map[int]bool // rows to read first: places to add (true) or remove
	counters map[table.Key]*counting    // rows to read first
	changed  bool
	bytes    int // size of the documents and texts in writes
	failure  error
}

// counting is a change to the counter of a term.
type counting struct {
	term Term
	add  int64
}

func newPlan(s *state, now time.Time) *plan {
	return &plan{
		generation: s.generation(),
		state:      s,
		now:        now,
		sets:       map[table.Key]map[int]bool{},
		counters:   map[table.Key]*counting{},
	}
}

// termChange is a term whose use changes.
type termChange struct {
	term     Term
	from, to use
}

// termChanges returns the terms whose use differs, in order.
func termChanges(from, to map[Term]use) []termChange {
	var changes []termChange
	for term, use := range from {
		if to[term] != use {
			changes = append(changes, termChange{term, use, to[term]})
		}
	}
	for term, use := range to {
		if _, ok := from[term]; !ok {
			changes = append(changes, termChange{term, none, use})
		}
	}
	slices.SortFunc(changes, func(a, b termChange) int { return compareTerms(a.term, b.term) })
	return changes
}

// add plans an update. If it does not fit in the transaction, add plans nothing and returns false.
func (p *plan) add(u update, old existing) bool {
	if outdated(u, old) {
		return true
	}
	changes := termChanges(old.record.uses(), u.record.uses())
	direct := p.direct(u, old)
	size := 0
	for _, write := range direct {
		size += write.Item.Bytes()
	}
	if p.size(changes, u.number)+len(p.writes)+len(direct) >= table.MaxWrites ||
		len(p.writes) > 0 && p.bytes+size > maxTransactionBytes {
		return false
	}
	for _, change := range changes {
		p.changeTerm(change, u.number)
	}
	p.writes = append(p.writes, direct...)
	p.bytes += size
	p.updateTotals(u, old)
	return true
}

// outdated reports whether an update is older than what is stored. A removal that is known already
// still has to remove the document from a generation that was built in the meantime.
func outdated(u update, old existing) bool {
	if u.version <= old.record.Version {
		return true
	}
	return u.version <= old.removedAt && (!u.removed || old.row.Version == 0)
}

// addPart plans as many term changes of an update as fit in a transaction. The document keeps its
// version, so the update remains to be applied.
func (p *plan) addPart(u update, old existing) {
	uses := old.record.uses()
	for _, change := range termChanges(uses, u.record.uses()) {
		if len(p.sets)+len(p.counters) > table.MaxWrites-5 {
			break
		}
		p.changeTerm(change, u.number)
		if uses[change.term] = change.to; change.to == none {
			delete(uses, change.term)
		}
	}
	part := old.record
	if old.row.Version == 0 {
		part.Data = u.record.Data
		p.state.Documents++
	}
	part.setUses(uses)
	p.put(derived(p.documents(), ordered(u.number)), old.row.Version, part)
	p.changed = true
}

// size returns the number of sets and counters in the plan if the given changes are added.
func (p *plan) size(changes []termChange, number int64) int {
	added := 0
	for _, change := range changes {
		set, counter := p.rows(change, number)
		if _, planned := p.sets[set]; set.Sort != "" && !planned {
			added++
		}
		if _, planned := p.counters[counter]; counter.Sort != "" && !planned {
			added++
		}
	}
	return len(p.sets) + len(p.counters) + added
}

// rows returns the keys of the set and the counter that a change affects. A key is zero if there is
// none.
func (p *plan) rows(change termChange, number int64) (set, counter table.Key) {
	if change.from == filtered || change.to == filtered {
		set = p.term(change.term).row(number / p.state.Terms)
	}
	if change.from == none || change.to == none {
		counter = p.counter(change.term)
	}
	return set, counter
}

// changeTerm plans the change of a term.
func (p *plan) changeTerm(change termChange, number int64) {
	set, counter := p.rows(change, number)
	if set.Sort != "" {
		if p.sets[set] == nil {
			p.sets[set] = map[int]bool{}
		}
		p.sets[set][int(number%p.state.Terms)] = change.to == filtered
	}
	if counter.Sort != "" {
		if p.counters[counter] == nil {
			p.counters[counter] = &counting{term: change.term}
		}
		if change.from == none {
			p.counters[counter].add++
		} else {
			p.counters[counter].add--
		}
	}
}

// direct returns the writes to rows whose versions are known.
func (p *plan) direct(u update, old existing) []table.Write {
	d := newDirect(p)
	sort := ordered(u.number)
	if p.state.Rebuild != nil {
		d.put(derived(p.state.building().late(), sort), old.late.Version, u.version)
	}
	d.orders(u, old)
	d.text(u, old)
	if u.removed {
		if old.row.Version != 0 {
			d.delete(derived(p.documents(), sort), old.row.Version)
		}
		d.addTombstone(u, old)
		return d.done(p)
	}
	next := u.record
	next.TextVersion = d.textVersion
	d.put(derived(p.documents(), sort), old.row.Version, next)
	return d.done(p)
}

// updateTotals updates the totals in the state of the space.
func (p *plan) updateTotals(u update, old existing) {
	switch {
	case u.removed && old.row.Version != 0:
		p.state.Documents--
	case !u.removed && old.row.Version == 0:
		p.state.Documents++
	}
	fresh := old.fresh.Version != 0
	if becomesFresh := u.folded != "" && (fresh || u.record.Text != old.record.Text); becomesFresh != fresh {
		if becomesFresh {
			p.state.Fresh++
		} else {
			p.state.Fresh--
		}
	}
	p.state.Changed = max(p.state.Changed, u.changed)
	p.state.Last = max(p.state.Last, u.number)
	p.state.Orders = addOrders(p.state.Orders, u.record.Orders)
	if p.state.Rebuild != nil && old.late.Version == 0 {
		p.state.Rebuild.Late++
	}
	p.changed = true
}

func (p *plan) put(key table.Key, version int64, value any) {
	data, err := encode(value)
	if err != nil {
		p.failure = err
	}
	item := table.Item{Key: key, Version: version, Data: data}
	if version == 0 {
		p.writes = append(p.writes, table.Create(item))
	} else {
		p.writes = append(p.writes, table.Update(item))
	}
}

// direct collects the writes for plan.direct.
type direct struct {
	plan
	textVersion int64
}

func newDirect(p *plan) *direct {
	return &direct{plan: plan{generation: p.generation, state: p.state, now: p.now}}
}

func (d *direct) done(p *plan) []table.Write {
	if d.failure != nil {
		p.failure = d.failure
	}
	return d.writes
}

func (d *direct) delete(key table.Key, version int64) {
	d.writes = append(d.writes, table.Delete(key, version))
}

// orders moves the document in the orders in which its value has changed. Rows of orders are never
// updated, so their version is 1.
func (d *direct) orders(u update, old existing) {
	for _, name := range slices.Sorted(maps.Keys(old.record.Orders)) {
		value := old.record.Orders[name]
		if next, ok := u.record.Orders[name]; !ok || next != value {
			d.delete(derived(d.order(name), orderSort(value, u.number)), 1)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(u.record.Orders)) {
		value := u.record.Orders[name]
		if previous, ok := old.record.Orders[name]; !ok || previous != value {
			d.put(derived(d.order(name), orderSort(value, u.number)), 0, 0)
		}
	}
}

// mark is the data of the row of a fresh text: its hash, and the text if it is short.
type mark struct {
	Hash string `json:"hash"`
	Text string `json:"text,omitempty"`
}

// text replaces the text if it has changed, and marks it as fresh.
func (d *direct) text(u update, old existing) {
	d.textVersion = old.record.TextVersion
	if u.record.Text == old.record.Text {
		return
	}
	text, fresh := derived(d.texts(), ordered(u.number)), derived(d.fresh(), ordered(u.number))
	if u.folded == "" {
		d.delete(text, old.record.TextVersion)
		d.textVersion = 0
		if old.fresh.Version != 0 {
			d.delete(fresh, old.fresh.Version)
		}
		return
	}
	d.put(text, old.record.TextVersion, u.folded)
	d.textVersion = old.record.TextVersion + 1
	next := mark{Hash: u.record.Text}
	if len(u.folded) <= maxInlineText {
		next.Text = u.folded
	}
	d.put(fresh, old.fresh.Version, next)
}

// addTombstone stores the version at which the document was removed.
func (d *direct) addTombstone(u update, old existing) {
	d.put(tombstoneKey(d.space, u.number), old.tombstone.Version, u.version)
	d.writes[len(d.writes)-1].Item.Expires = d.now.AddDate(0, 0, tombstoneDays).Unix()
}
