package change_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
)

var somebody = change.Actor{
	Kind:          change.Person,
	ID:            "p",
	Name:          "Anna Smith",
	Email:         "anna@example.net",
	SourceAddress: "192.0.2.1",
	Door:          "api",
}

func thing(id string) table.Key { return table.Key{Partition: "ORG#o", Sort: "THING#" + id} }

func item(t *testing.T, id string) table.Item {
	t.Helper()
	encoded, err := change.Encode(thing(id), map[string]string{"id": id})
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}

// done returns a change that creates a thing and sends a message about it.
func done(t *testing.T, id string) change.Record {
	t.Helper()
	return change.Record{
		Action:  "things.create",
		Message: "Made the thing " + id,
		OrgID:   "o",
		MSPID:   "m",
		Target:  "thing:" + id,
		After:   map[string]string{"id": id},
		Writes: []table.Write{
			table.Create(item(t, id)),
		},
		Messages: []queue.Message{{Queue: queue.MailSend, Group: "ORG#o", Body: []byte(`{"id":"` + id + `"}`)}},
	}
}

func TestAChangeItsEntryAndItsMessagesAreWrittenTogether(t *testing.T) {
	w := apptest.New(t)
	if err := w.Journal.Commit(t.Context(), somebody, done(t, "1")); err != nil {
		t.Fatal(err)
	}
	var stored map[string]string
	if version, err := w.Journal.Get(
		t.Context(),
		thing("1"),
		&stored,
	); err != nil || version != 1 ||
		stored["id"] != "1" {
		t.Errorf("%v, version %d, %v", stored, version, err)
	}
	entries := w.AuditLog("ORG#o")
	if len(entries) != 1 {
		t.Fatalf("entries %+v", entries)
	}
	want := change.Entry{
		ID:      entries[0].ID,
		Time:    w.Clock.Now().UnixMicro(),
		Action:  "things.create",
		Message: "Made the thing 1",
		Actor:   somebody,
		OrgID:   "o",
		MSPID:   "m",
		Target:  "thing:1",
		After:   []byte(`{"id":"1"}`),
	}
	if diff := cmp.Diff(want, entries[0]); diff != "" {
		t.Error(diff)
	}
	if messages := w.Outbox(); len(messages) != 1 || messages[0].ID == "" || string(messages[0].Body) != `{"id":"1"}` {
		t.Errorf("messages %+v", messages)
	}
}

func TestAConditionThatFailsLeavesNothingOfTheThree(t *testing.T) {
	w := apptest.New(t)
	both := done(t, "1")
	both.Writes = append(both.Writes, table.Require(thing("2"), 1))
	err := w.Journal.Commit(t.Context(), somebody, both)
	if !table.ConflictAt(err, thing("2")) {
		t.Errorf("got %v", err)
	}
	if _, err := w.Store.Get(t.Context(), thing("1")); !errors.Is(err, table.ErrAbsent) {
		t.Errorf("the thing: %v", err)
	}
	if entries, messages := w.AuditLog("ORG#o"), w.Outbox(); len(entries) != 0 || len(messages) != 0 {
		t.Errorf("entries %+v, messages %+v", entries, messages)
	}
}

func TestAChangeWithoutActorActionOrMessageIsRefused(t *testing.T) {
	w := apptest.New(t)
	for name, edit := range map[string]func(*change.Actor, *change.Record){
		"actor":               func(a *change.Actor, _ *change.Record) { *a = change.Actor{} },
		"action":              func(_ *change.Actor, d *change.Record) { d.Action = "" },
		"message":             func(_ *change.Actor, d *change.Record) { d.Message = "" },
		"a queue that exists": func(_ *change.Actor, d *change.Record) { d.Messages[0].Queue = "unheard-of" },
		"a body that fits":    func(_ *change.Actor, d *change.Record) { d.Messages[0].Body = make([]byte, queue.MaxBody+1) },
		"a JSON form":         func(_ *change.Actor, d *change.Record) { d.After = func() {} },
	} {
		by, record := somebody, done(t, "1")
		edit(&by, &record)
		if err := w.Journal.Commit(t.Context(), by, record); err == nil {
			t.Errorf("without %s it is taken", name)
		}
	}
	if entries, messages := w.AuditLog("ORG#o"), w.Outbox(); len(entries) != 0 || len(messages) != 0 {
		t.Errorf("entries %+v, messages %+v", entries, messages)
	}
}

func TestAnEntryStandsOnceInTheLogOfEveryScope(t *testing.T) {
	w := apptest.New(t)
	platform := change.PlatformAudit(w.Clock.Now())
	logs := []string{"ORG#o", "ORG#p", "MSP#m", "MSP#n", "USER#u", platform}
	for _, test := range []struct {
		what change.Record
		want []string
	}{
		{change.Record{OrgID: "o", AlsoOrgs: []string{"p", "o", "p", ""}, MSPID: "m", AlsoMSPs: []string{"n", "m"}, UserLog: "u", PlatformLog: true}, logs},
		{change.Record{OrgID: "o"}, []string{"ORG#o"}},
		{change.Record{UserLog: "u"}, []string{"USER#u"}},
		{change.Record{}, []string{platform}},
	} {
		before := map[string]int{}
		for _, log := range logs {
			before[log] = len(w.AuditLog(log))
		}
		test.what.Action, test.what.Message = "things.do", "Did it"
		if err := w.Journal.Commit(t.Context(), somebody, test.what); err != nil {
			t.Fatal(err)
		}
		for _, log := range logs {
			want := 0
			if slices.Contains(test.want, log) {
				want = 1
			}
			if got := len(w.AuditLog(log)) - before[log]; got != want {
				t.Errorf("%+v: %d entries in %s, want %d", test.what, got, log, want)
			}
		}
	}
}

func TestARefusalIsAnEntryAndNothingElse(t *testing.T) {
	w := apptest.New(t)
	record := done(t, "1")
	if err := w.Journal.Refuse(t.Context(), somebody, record); err == nil {
		t.Error("a refusal with writes is taken")
	}
	record.Writes = nil
	if err := w.Journal.Refuse(t.Context(), somebody, record); err == nil {
		t.Error("a refusal with messages is taken")
	}
	record.Messages = nil
	if err := w.Journal.Refuse(t.Context(), somebody, record); err != nil {
		t.Fatal(err)
	}
	if entries := w.AuditLog("ORG#o"); len(entries) != 1 || !entries[0].Refused {
		t.Errorf("entries %+v", entries)
	}
}

func TestLettersOfHTMLAreStoredAsTheyAre(t *testing.T) {
	w := apptest.New(t)
	record := done(t, "1")
	text := strings.Repeat("<&>", 120_000) // at six times the length it would not fit in an item
	record.After = map[string]string{"text": text}
	encoded, err := change.Encode(thing("2"), record.After)
	if err != nil {
		t.Fatal(err)
	}
	record.Writes = append(record.Writes, table.Create(encoded))
	if err := w.Journal.Commit(t.Context(), somebody, record); err != nil {
		t.Fatal(err)
	}
	var stored map[string]string
	if _, err := w.Journal.Get(t.Context(), thing("2"), &stored); err != nil || stored["text"] != text {
		t.Errorf("%d characters, %v", len(stored["text"]), err)
	}
}

func TestAMarkIsWrittenWhateverWasThere(t *testing.T) {
	w := apptest.New(t)
	key := table.Key{Partition: "USER#u", Sort: "MARK#USED"}
	var wait sync.WaitGroup
	for i := range 3 {
		wait.Go(func() {
			if err := w.Journal.Mark(t.Context(), key, i, 0); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if err := w.Journal.Mark(t.Context(), key, 7, w.Clock.Now().Add(time.Hour).Unix()); err != nil {
		t.Fatal(err)
	}
	var got int
	if _, err := w.Journal.Get(t.Context(), key, &got); err != nil || got != 7 {
		t.Errorf("%d, %v", got, err)
	}
	w.Clock.Pass(time.Hour)
	if _, err := w.Journal.Get(t.Context(), key, &got); !errors.Is(err, table.ErrAbsent) {
		t.Errorf("after it expired: %v", err)
	}
	if err := w.Journal.Mark(t.Context(), key, 8, 0); err != nil {
		t.Error(err)
	}
}

func TestMarksAreWrittenTogetherAsTheyWereRead(t *testing.T) {
	w := apptest.New(t)
	keys := []table.Key{
		{Partition: "USER#u", Sort: "MARK#A"},
		{Partition: "USER#u", Sort: "MARK#B"},
		{Partition: "USER#v", Sort: "MARK#C"},
	}
	count := func(items []table.Item) ([]table.Item, error) {
		var marks []table.Item
		for _, item := range items[:2] {
			value := 0
			if item.Version > 0 {
				if err := change.Decode(item, &value); err != nil {
					return nil, err
				}
			}
			next, err := change.Encode(keys[len(marks)], value+1)
			if err != nil {
				return nil, err
			}
			next.Version = item.Version
			marks = append(marks, next)
		}
		return marks, nil
	}
	var wait sync.WaitGroup
	for range 2 {
		wait.Go(func() {
			if err := w.Journal.MarkAll(t.Context(), keys, count); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	items, err := w.Journal.BatchGet(t.Context(), keys)
	if err != nil || string(items[0].Data) != "2" || string(items[1].Data) != "2" || items[2].Version != 0 {
		t.Errorf("%+v, %v", items, err)
	}
	nothing := func([]table.Item) ([]table.Item, error) { return nil, nil }
	if err := w.Journal.MarkAll(t.Context(), keys, nothing); err != nil {
		t.Error(err)
	}
	other := func([]table.Item) ([]table.Item, error) {
		return []table.Item{{Key: thing("1"), Data: []byte("1")}}, nil
	}
	if err := w.Journal.MarkAll(t.Context(), keys, other); err == nil {
		t.Error("a key is written that was not read")
	}
	if err := w.Journal.MarkAll(t.Context(), []table.Key{thing("1")}, nothing); err == nil {
		t.Error("a key is taken that is no mark's")
	}
}

func TestAMarkTakesNoOtherKeys(t *testing.T) {
	w := apptest.New(t)
	for _, key := range []table.Key{
		thing("1"), {Partition: "MARK#", Sort: "PROFILE"}, {Partition: "USER#u", Sort: "mark#x"}, {Table: table.Audit, Partition: "ORG#o", Sort: "MARK#x"}, {Table: table.Derived, Partition: "x", Sort: "MARK#x"},
	} {
		if err := w.Journal.Mark(t.Context(), key, 1, 0); err == nil {
			t.Errorf("%+v is taken", key)
		}
	}
}

func TestANoteIsWrittenWhateverWasThereInTheDerivedTableAlone(t *testing.T) {
	w := apptest.New(t)
	key := table.Key{Table: table.Derived, Partition: "USER#u", Sort: "MARK#USED"}
	for value := range 3 {
		if err := w.Journal.Note(t.Context(), key, value, 0); err != nil {
			t.Fatal(err)
		}
	}
	var got int
	if _, err := w.Journal.Get(t.Context(), key, &got); err != nil || got != 2 {
		t.Errorf("%d, %v", got, err)
	}
	for _, key := range []table.Key{thing("1"), {Partition: "USER#u", Sort: "MARK#USED"}, {Table: table.Derived, Partition: "USER#u", Sort: "USED"}} {
		if err := w.Journal.Note(t.Context(), key, 1, 0); err == nil {
			t.Errorf("%+v is taken", key)
		}
	}
}

func TestSentTakesOutWhatIsThereAndToleratesWhatIsGone(t *testing.T) {
	w := apptest.New(t)
	const messages = 120 // more than one transaction
	var keys []table.Key
	for i := range messages {
		record := done(t, fmt.Sprint(i))
		if err := w.Journal.Commit(t.Context(), somebody, record); err != nil {
			t.Fatal(err)
		}
	}
	changes, err := w.Store.Changes(t.Context(), apptest.FeedConsumer, 1000)
	if err != nil || len(changes) != messages {
		t.Fatalf("%d changes, %v", len(changes), err)
	}
	for _, one := range changes {
		keys = append(keys, one.Key)
	}
	if err := w.Journal.Sent(t.Context(), []table.Key{keys[3], keys[50], keys[119]}); err != nil {
		t.Fatal(err)
	}
	if err := w.Journal.Sent(t.Context(), append(keys, keys[0], keys[3])); err != nil {
		t.Fatal(err)
	}
	if left := w.Outbox(); len(left) != 0 {
		t.Errorf("%d left", len(left))
	}
	if err := w.Journal.Sent(t.Context(), keys); err != nil {
		t.Error(err)
	}
	if err := w.Journal.Sent(t.Context(), nil); err != nil {
		t.Error(err)
	}
	if err := w.Journal.Sent(t.Context(), []table.Key{thing("1")}); err == nil {
		t.Error("a key outside the outbox is taken")
	}
}

func TestNoNumberIsGivenTwice(t *testing.T) {
	w := apptest.New(t)
	key := table.Key{Partition: "PLATFORM", Sort: "COUNT#THING"}
	const goroutines, each = 32, 8
	numbers := make([][]int64, goroutines)
	var wait sync.WaitGroup
	for i := range goroutines {
		wait.Go(func() {
			for range each {
				number, err := w.Journal.Next(t.Context(), key)
				if err != nil {
					t.Error(err)
				}
				numbers[i] = append(numbers[i], number)
			}
		})
	}
	wait.Wait()
	all := slices.Concat(numbers...)
	slices.Sort(all)
	if len(slices.Compact(all)) != goroutines*each || all[0] != 1 || all[len(all)-1] != goroutines*each {
		t.Errorf("numbers %v", all)
	}
}

func TestIDsAreInTheOrderOfTheirMaking(t *testing.T) {
	w := apptest.New(t)
	before := w.Journal.NewID()
	for range 1000 {
		next := w.Journal.NewID()
		if next <= before {
			t.Fatalf("%s after %s", next, before)
		}
		before = next
	}
}

func TestEntriesAndMessagesHaveTheIDsOfTheGivenSource(t *testing.T) {
	w := apptest.New(t)
	made := 0
	journal := w.Journal.WithIDs(func() string {
		made++
		return fmt.Sprintf("00000000-0000-7000-8000-%012d", made)
	})
	if err := journal.Commit(t.Context(), somebody, done(t, "1")); err != nil {
		t.Fatal(err)
	}
	entries, messages := w.AuditLog("ORG#o"), w.Outbox()
	if len(entries) != 1 || entries[0].ID != "00000000-0000-7000-8000-000000000001" {
		t.Errorf("entries %+v", entries)
	}
	if len(messages) != 1 || messages[0].ID != "00000000-0000-7000-8000-000000000002" {
		t.Errorf("messages %+v", messages)
	}
	if id := w.Journal.NewID(); strings.HasPrefix(id, "00000000") {
		t.Errorf("the other journal took the ID %s", id)
	}
}
