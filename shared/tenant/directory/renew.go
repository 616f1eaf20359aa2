package directory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Form is the form of the index: of the documents, and of the texts in them. An index of an earlier form is
// rebuilt, and used until then.
const Form = 1<<8 | search.Form

// formMark says what the index has.
type formMark struct {
	// Complete is set once the index has all organizations. Until then, there are no lists.
	Complete bool `json:"complete,omitempty"`
	Form     int  `json:"form,omitempty"`
	// Requested is when a rebuild was requested last, in epoch seconds.
	Requested int64 `json:"requested,omitempty"`
}

func formKey() table.Key { return table.Key{Partition: "PLATFORM", Sort: "MARK#ORG_INDEX"} }

func (s *Service) form(ctx context.Context) (formMark, error) {
	var mark formMark
	items, err := s.journal.BatchGet(ctx, []table.Key{formKey()})
	if err != nil || items[0].Version == 0 {
		return mark, err
	}
	err = change.Decode(items[0], &mark)
	if err == nil && mark.Complete {
		s.complete.Store(true)
	}
	return mark, err
}

// checkComplete returns a fault of code Unavailable while the index lacks organizations of a former version.
// Once it has all, that is not read again.
func (s *Service) checkComplete(ctx context.Context) error {
	if s.complete.Load() {
		return nil
	}
	mark, err := s.form(ctx)
	if err == nil && !mark.Complete {
		err = fault.New(fault.Unavailable,
			"The lists of organizations are being built after an upgrade. Try again in a minute.")
	}
	return err
}

// Begin makes the index complete before an installation on one machine is used, in the time given. What
// remains is left to the messages that Renew sends.
func (s *Service) Begin(ctx context.Context, most time.Duration) error {
	mark, err := s.form(ctx)
	if err != nil || mark.Complete {
		return err
	}
	empty, err := s.isEmpty(ctx)
	if err != nil {
		return err
	}
	if !empty {
		now := s.journal.Now()
		err = s.rebuild(ctx, &Rebuild{Request: requestAt(now), Form: Form}, now.Add(most))
	}
	if err == nil {
		err = s.built(ctx, Form)
	}
	if errors.Is(err, errOver) {
		return s.Renew(ctx)
	}
	return err
}

// patience is after how long a requested rebuild that has not ended is requested again.
const patience = time.Hour

// Renew requests a rebuild of the whole index, if a former version of Tenantry left none, or one of another
// form. In an installation without organizations it is complete as it is. It is called again and again.
func (s *Service) Renew(ctx context.Context) error {
	if s.renewed.Load() {
		return nil
	}
	mark, err := s.form(ctx)
	if err != nil {
		return err
	}
	if mark.Complete && mark.Form >= Form {
		s.renewed.Store(true)
		return nil
	}
	now := s.journal.Now()
	if mark.Requested > 0 && now.Sub(time.Unix(mark.Requested, 0)) < patience {
		return nil
	}
	empty, err := s.isEmpty(ctx)
	if err != nil {
		return err
	}
	if empty {
		return s.built(ctx, Form)
	}
	message, err := Rebuild{Request: requestAt(now), Form: Form}.message()
	if err != nil {
		return err
	}
	err = s.journal.Commit(ctx, change.ByPlatform(), change.Record{
		Action: "orgs.renew_index", Message: "Requested the index of organizations", PlatformLog: true,
		Messages: []queue.Message{message},
	})
	if err != nil {
		return err
	}
	mark.Requested = now.Unix()
	return s.journal.Mark(ctx, formKey(), mark, 0)
}

// isEmpty reports whether there are no organizations.
func (s *Service) isEmpty(ctx context.Context) (bool, error) {
	some := errors.New("there is an organization")
	err := s.tenants.EachPlace(ctx, func(place identity.Place) error {
		if place.Scope == identity.OrgScope {
			return some
		}
		return nil
	})
	if errors.Is(err, some) {
		return false, nil
	}
	return err == nil, err
}

// built notes that the index has all organizations, in a form.
func (s *Service) built(ctx context.Context, form int) error {
	return s.journal.Mark(ctx, formKey(), formMark{Complete: true, Form: form}, 0)
}

// RebuildKind is the Kind of a Rebuild.
const RebuildKind = "rebuild_orgs"

// Rebuild is the body of a message that works on building the whole index anew, one space after the other.
type Rebuild struct {
	Kind string `json:"kind"`
	// Request identifies the rebuild: the time when it was requested.
	Request string `json:"request"`
	// Form is the form that the index has at the end.
	Form int `json:"form"`
	// Direct is set once the space of the direct customers is built. After is the MSP whose space was built
	// last; "" before. The space of all organizations comes last: by then each has a number.
	Direct bool   `json:"direct,omitempty"`
	After  string `json:"after,omitempty"`
}

func requestAt(now time.Time) string { return fmt.Sprintf("%016d", now.UnixMicro()) }

func (r Rebuild) message() (queue.Message, error) {
	r.Kind = RebuildKind
	body, err := json.Marshal(r)
	return queue.Message{Queue: queue.CasesJobs, Group: "PLATFORM", Body: body}, err
}

// RequestRebuild requests a rebuild of the whole index, for operators. Until it is done, lists use the
// present one.
func (s *Service) RequestRebuild(ctx context.Context, by identity.Principal) error {
	if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
		return err
	}
	message, err := Rebuild{Request: requestAt(s.journal.Now()), Form: Form}.message()
	if err != nil {
		return err
	}
	return s.journal.Commit(ctx, by.Actor(), change.Record{
		Action: "platform.rebuild_org_index", Message: "Requested a rebuild of the index of organizations", PlatformLog: true,
		Messages: []queue.Message{message},
	})
}

// errOver ends the work of a message whose time is over.
var errOver = errors.New("directory: the time is over")

// RebuildPart works on a rebuild, and leaves what remains after the given time to another message. It may be
// interrupted at any point and repeated: it goes on where it was.
func (s *Service) RebuildPart(ctx context.Context, part Rebuild, most time.Duration) error {
	until := s.journal.Now().Add(most)
	err := s.rebuild(ctx, &part, until)
	if err == nil {
		return s.built(ctx, part.Form)
	}
	if !errors.Is(err, errOver) {
		return err
	}
	message, err := part.message()
	if err != nil {
		return err
	}
	return s.journal.Commit(ctx, change.ByPlatform(), change.Record{
		Action: "platform.rebuild_org_index_part", Message: "Rebuilt a part of the index of organizations", Internal: true,
		Messages: []queue.Message{message},
	})
}

// rebuild builds the spaces that are left, and notes in the part what is done.
func (s *Service) rebuild(ctx context.Context, part *Rebuild, until time.Time) error {
	if !part.Direct {
		if err := s.rebuildSpace(ctx, Scope{}, *part, until); err != nil {
			return err
		}
		part.Direct = true
	}
	err := s.tenants.EachMSPID(ctx, part.After, func(id string) error {
		if err := s.rebuildSpace(ctx, Scope{MSPID: id}, *part, until); err != nil {
			return err
		}
		part.After = id
		return nil
	})
	if err != nil {
		return err
	}
	return s.rebuildSpace(ctx, Scope{All: true}, *part, until)
}

func (s *Service) rebuildSpace(ctx context.Context, scope Scope, part Rebuild, until time.Time) error {
	if !s.journal.Now().Before(until) {
		return errOver
	}
	done, err := s.index.Advance(ctx, scope.space(), part.Request, source{s, scope}, until)
	if err == nil && !done {
		err = errOver
	}
	return err
}

// source provides the organizations of a scope to a rebuild.
type source struct {
	*Service
	scope Scope
}

// Numbers returns the numbers of some of the scope's organizations. Those of all organizations are all
// numbers given so far. Organizations that have no number yet get one.
func (s source) Numbers(ctx context.Context, cursor string) (numbers []int64, next string, err error) {
	if s.scope.All {
		return s.allNumbers(ctx, cursor)
	}
	ids, next, err := s.tenants.OrgIDs(ctx, s.scope.MSPID, table.MaxBatch, cursor)
	if err != nil || len(ids) == 0 {
		return nil, next, err
	}
	keys := make([]table.Key, len(ids))
	for i, id := range ids {
		keys[i] = numberKey(id)
	}
	items, err := s.journal.BatchGet(ctx, keys)
	if err != nil {
		return nil, "", err
	}
	numbers = make([]int64, len(ids))
	for i, id := range ids {
		if numbers[i], err = s.number(ctx, id, items[i]); err != nil {
			return nil, "", err
		}
	}
	return numbers, next, nil
}

// numbersAtOnce is how many numbers one call of allNumbers returns.
const numbersAtOnce = 50_000

func (s source) allNumbers(ctx context.Context, cursor string) (numbers []int64, next string, err error) {
	var last int64
	if _, err := s.journal.Get(ctx, counterKey(), &last); err != nil && !errors.Is(err, table.ErrAbsent) {
		return nil, "", err
	}
	first := int64(1)
	if cursor != "" {
		if first, err = strconv.ParseInt(cursor, 10, 64); err != nil {
			return nil, "", fmt.Errorf("the rebuild's cursor %q cannot be read: %w", cursor, err)
		}
	}
	for number := first; number <= last; number++ {
		if number == first+numbersAtOnce {
			return numbers, strconv.FormatInt(number, 10), nil
		}
		numbers = append(numbers, number)
	}
	return numbers, "", nil
}

// Documents returns those of the organizations that exist and belong to the scope now.
func (s source) Documents(ctx context.Context, numbers []int64) ([]search.Document, error) {
	keys := make([]table.Key, len(numbers))
	for i, number := range numbers {
		keys[i] = numberedKey(number)
	}
	entries, err := s.journal.BatchGet(ctx, keys)
	if err != nil {
		return nil, err
	}
	states, err := s.numberedStates(ctx, entries)
	if err != nil {
		return nil, err
	}
	var documents []search.Document
	for number, present := range states {
		if !inLists(present.Org) || !s.scope.has(present.Org) {
			continue
		}
		document, err := present.document(number)
		if err != nil {
			return nil, err
		}
		documents = append(documents, document)
	}
	return documents, nil
}
