package search

import (
	"maps"
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/store/table"
)

const (
	// graveDays is how long a removed document's version is remembered: longer than any
	// message waits.
	graveDays = 30
	// heaviest is how many bytes of documents and texts one transaction has, well below
	// the limit, since the sets come on top.
	heaviest = 2 << 20
	// shortText is how many bytes a fresh text has that is kept with its mark.
	shortText = 2048
)

// plan collects what one transaction changes.
type plan struct {
	generation
	state *state
	now   time.Time
	// writes are those whose versions are known; sets and counters are rows to be read first.
	writes   []table.Write
	sets     map[table.Key]map[int]bool // place in the row: in the set or not
	counters map[table.Key]*counting
	changed  bool
	bytes    int
	failure  error
}

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

// step is a term whose use changes.
type step struct {
	term     Term
	from, to use
}

func steps(from, to map[Term]use) []step {
	var all []step
	for term, was := range from {
		if to[term] != was {
			all = append(all, step{term, was, to[term]})
		}
	}
	for term, is := range to {
		if _, known := from[term]; !known {
			all = append(all, step{term, none, is})
		}
	}
	slices.SortFunc(all, func(a, b step) int { return compareTerms(a.term, b.term) })
	return all
}

// take plans all that a wish changes. It reports false, and plans nothing, where that does not
// fit beside what is planned already.
func (p *plan) take(w wish, now present) bool {
	if w.version <= now.gone || w.version <= now.record.Version {
		return true // older than what was done
	}
	all := steps(now.record.uses(), w.record.uses())
	direct := p.direct(w, now)
	size := 0
	for _, write := range direct {
		size += write.Item.Bytes()
	}
	if p.size(all, w.number)+len(p.writes)+len(direct) >= table.MaxWrites ||
		len(p.writes) > 0 && p.bytes+size > heaviest {
		return false
	}
	for _, one := range all {
		p.step(one, w.number)
	}
	p.writes = append(p.writes, direct...)
	p.bytes += size
	p.account(w, now)
	return true
}

// takePart plans as much of a wish as fits one transaction: some of its terms. The document
// keeps its version, and with it the wish to be fulfilled.
func (p *plan) takePart(w wish, now present) {
	uses := now.record.uses()
	for _, one := range steps(uses, w.record.uses()) {
		if len(p.sets)+len(p.counters) > table.MaxWrites-5 {
			break
		}
		p.step(one, w.number)
		if uses[one.term] = one.to; one.to == none {
			delete(uses, one.term)
		}
	}
	part := now.record
	if now.row.Version == 0 {
		part.Data = w.record.Data
		p.state.Documents++
	}
	part.setUses(uses)
	p.put(derived(p.documents(), ordered(w.number)), now.row.Version, part)
	p.changed = true
}

// size is how many sets and counters there are with those of some more steps.
func (p *plan) size(all []step, number int64) int {
	more := 0
	for _, one := range all {
		set, counter := p.rows(one, number)
		if _, planned := p.sets[set]; set.Sort != "" && !planned {
			more++
		}
		if _, planned := p.counters[counter]; counter.Sort != "" && !planned {
			more++
		}
	}
	return len(p.sets) + len(p.counters) + more
}

// rows returns the rows that a step changes, the zero key where it changes none.
func (p *plan) rows(one step, number int64) (set, counter table.Key) {
	if one.from == filtered || one.to == filtered {
		set = p.term(one.term).row(number / p.state.Terms)
	}
	if one.from == none || one.to == none {
		counter = p.counter(one.term)
	}
	return set, counter
}

func (p *plan) step(one step, number int64) {
	set, counter := p.rows(one, number)
	if set.Sort != "" {
		if p.sets[set] == nil {
			p.sets[set] = map[int]bool{}
		}
		p.sets[set][int(number%p.state.Terms)] = one.to == filtered
	}
	if counter.Sort != "" {
		if p.counters[counter] == nil {
			p.counters[counter] = &counting{term: one.term}
		}
		if one.from == none {
			p.counters[counter].add++
		} else {
			p.counters[counter].add--
		}
	}
}

// direct returns the writes on rows whose versions are known.
func (p *plan) direct(w wish, now present) []table.Write {
	d := newDirect(p)
	sort := ordered(w.number)
	d.orders(w, now)
	d.text(w, now)
	if w.gone {
		if now.row.Version != 0 {
			d.delete(derived(p.documents(), sort), now.row.Version)
		}
		d.bury(w, now)
		return d.done(p)
	}
	next := w.record
	next.TextVersion = d.textVersion
	d.put(derived(p.documents(), sort), now.row.Version, next)
	return d.done(p)
}

// account keeps the totals of the space.
func (p *plan) account(w wish, now present) {
	switch {
	case w.gone && now.row.Version != 0:
		p.state.Documents--
	case !w.gone && now.row.Version == 0:
		p.state.Documents++
	}
	fresh := now.fresh.Version != 0
	if will := w.folded != "" && (fresh || w.record.Text != now.record.Text); will != fresh {
		if will {
			p.state.Fresh++
		} else {
			p.state.Fresh--
		}
	}
	p.state.Changed = max(p.state.Changed, w.changed)
	p.state.Last = max(p.state.Last, w.number)
	p.state.Orders = addOrders(p.state.Orders, w.record.Orders)
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

// direct collects writes for plan.direct.
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

// orders moves the document in the orders where its value has changed. Their rows are
// never changed, so they have version 1.
func (d *direct) orders(w wish, now present) {
	for _, name := range slices.Sorted(maps.Keys(now.record.Orders)) {
		was := now.record.Orders[name]
		if is, stays := w.record.Orders[name]; !stays || is != was {
			d.delete(derived(d.order(name), orderSort(was, w.number)), 1)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(w.record.Orders)) {
		is := w.record.Orders[name]
		if was, known := now.record.Orders[name]; !known || is != was {
			d.put(derived(d.order(name), orderSort(is, w.number)), 0, 0)
		}
	}
}

// mark is what a fresh text's row says: the hash, and the text if it is short.
type mark struct {
	Hash string `json:"hash"`
	Text string `json:"text,omitempty"`
}

// text replaces the text where it has changed, and marks it as fresh.
func (d *direct) text(w wish, now present) {
	d.textVersion = now.record.TextVersion
	if w.record.Text == now.record.Text {
		return
	}
	text, fresh := derived(d.texts(), ordered(w.number)), derived(d.fresh(), ordered(w.number))
	if w.folded == "" {
		d.delete(text, now.record.TextVersion)
		d.textVersion = 0
		if now.fresh.Version != 0 {
			d.delete(fresh, now.fresh.Version)
		}
		return
	}
	d.put(text, now.record.TextVersion, w.folded)
	d.textVersion = now.record.TextVersion + 1
	next := mark{Hash: w.record.Text}
	if len(w.folded) <= shortText {
		next.Text = w.folded
	}
	d.put(fresh, now.fresh.Version, next)
}

// bury remembers the version at which the document was removed.
func (d *direct) bury(w wish, now present) {
	d.put(goneKey(d.space, w.number), now.grave.Version, w.version)
	d.writes[len(d.writes)-1].Item.Expires = d.now.AddDate(0, 0, graveDays).Unix()
}
