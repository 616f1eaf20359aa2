package archive_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/audit/archive"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/store/blob/folder"
	"github.com/tenantry/tenantry/shared/store/table"
)

// world is an estate whose clock stands at an hour of the day after its creation.
type world struct {
	*apptest.Estate
	t     *testing.T
	first time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	e := apptest.NewEstate(t)
	return &world{Estate: e, t: t, first: e.Clock.Now().UTC().Truncate(24 * time.Hour)}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// dayOf returns the name of the day that is so many days after the first one.
func (w *world) dayOf(after int) string { return w.first.AddDate(0, 0, after).Format(time.DateOnly) }

// on moves the clock to a time of such a day.
func (w *world) on(after int, clock time.Duration) {
	w.Clock.Set(w.first.AddDate(0, 0, after).Add(clock))
}

func (w *world) log(record change.Record) {
	w.t.Helper()
	record.Action = "test.do"
	by := change.Actor{Kind: change.Person, ID: "p", Name: "Anna Smith", Email: "anna@example.net"}
	w.must(w.Journal.Commit(w.t.Context(), by, record))
}

func (w *world) catchUp(want int) {
	w.t.Helper()
	if got, err := w.Archive.CatchUp(w.t.Context()); err != nil || got != want {
		w.t.Fatalf("%d days archived, want %d: %v", got, want, err)
	}
}

// path returns where a file of the archive is.
func (w *world) path(day, name string) string {
	return filepath.Join(w.FilesFolder(), "archive", day, name)
}

// messages returns the messages of the entries in a file of the archive.
func (w *world) messages(day, name string) []string {
	w.t.Helper()
	file, err := os.Open(w.path(day, name))
	w.must(err)
	defer file.Close()
	zipped, err := gzip.NewReader(file)
	w.must(err)
	var all []string
	for lines := bufio.NewScanner(zipped); lines.Scan(); {
		var entry change.Entry
		w.must(json.Unmarshal(lines.Bytes(), &entry))
		all = append(all, entry.Message)
	}
	return all
}

func (w *world) manifest(day string) archive.Manifest {
	w.t.Helper()
	data, err := os.ReadFile(w.path(day, "manifest"))
	w.must(err)
	var m archive.Manifest
	w.must(json.Unmarshal(data, &m))
	return m
}

// verify returns the faults of the archive.
func (w *world) verify(check archive.Check) ([]string, archive.Verified) {
	w.t.Helper()
	store, err := folder.OpenArchive(w.FilesFolder())
	w.must(err)
	faults := []string{}
	check.Now = w.Clock.Now()
	result, err := archive.Verify(w.t.Context(), store, check, func(fault string) error {
		faults = append(faults, fault)
		return nil
	})
	w.must(err)
	return faults, result
}

func TestAFinishedDayHasAFileForEachTenantWithEntries(t *testing.T) {
	w := newWorld(t)
	w.on(1, time.Hour)
	w.log(change.Record{Message: "for both", OrgID: w.Org.ID, MSPID: w.MSP.ID})
	w.log(change.Record{Message: "for the person", UserLog: "p"})
	w.log(change.Record{Message: "for the platform"})
	w.on(1, 24*time.Hour-time.Microsecond)
	w.log(change.Record{Message: "at the end", OrgID: w.Org.ID, UserLog: "p"})
	w.on(2, 0)
	w.log(change.Record{Message: "on the next day", OrgID: w.Org.ID})
	w.on(2, 30*time.Minute)
	w.catchUp(1) // the last changes of a day may still be written within an hour
	w.on(2, 90*time.Minute)
	w.catchUp(1)
	day := w.dayOf(1)
	for name, want := range map[string][]string{
		"org-" + w.Org.ID: {"for both", "at the end"}, "msp-" + w.MSP.ID: {"for both"},
		"people": {"for the person"}, "platform": {"for the platform"},
	} {
		if diff := cmp.Diff(want, w.messages(day, name)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	m := w.manifest(day)
	names := []string{}
	for _, file := range m.Files {
		names = append(names, file.Name)
	}
	if !slices.IsSorted(names) || len(names) != 4 || m.Entries != 5 || m.Day != day || m.Previous == "" {
		t.Errorf("%+v", m)
	}
	if first := w.manifest(w.dayOf(0)); first.Previous != "" || first.Entries == 0 {
		t.Errorf("the first day: %+v", first)
	}
	w.on(2, 3*time.Hour)
	if faults, result := w.verify(archive.Check{}); len(faults) > 0 || result.Days != 2 || result.Entries == 0 {
		t.Errorf("%v, %+v", faults, result)
	}
}

func TestADayWithManyEntriesIsWholeAndInOrder(t *testing.T) {
	w := newWorld(t)
	want := []string{}
	for i := range 450 {
		w.on(1, time.Duration(i)*time.Minute)
		want = append(want, fmt.Sprint(i))
		w.log(change.Record{Message: fmt.Sprint(i), OrgID: w.Org.ID})
	}
	w.on(2, 2*time.Hour)
	w.catchUp(2)
	if diff := cmp.Diff(want, w.messages(w.dayOf(1), "org-"+w.Org.ID)); diff != "" {
		t.Error(diff)
	}
}

func TestArchivingTwiceOrAgainAfterAnInterruptionChangesNothing(t *testing.T) {
	w := newWorld(t)
	w.on(0, 23*time.Hour)
	w.log(change.Record{Message: "one", OrgID: w.Org.ID})
	w.on(1, 2*time.Hour)
	w.catchUp(1)
	before, err := os.ReadFile(w.path(w.dayOf(0), "manifest"))
	w.must(err)
	w.catchUp(0)
	// Killed before the head was moved: the day has its manifest.
	forget(t, w)
	w.catchUp(1)
	// Killed before the manifest was written: all files are there, or one is half there.
	forget(t, w)
	w.must(os.Remove(w.path(w.dayOf(0), "manifest")))
	w.must(os.WriteFile(w.path(w.dayOf(0), "org-"+w.Org.ID), []byte("half"), 0o600))
	w.catchUp(1)
	after, err := os.ReadFile(w.path(w.dayOf(0), "manifest"))
	w.must(err)
	if !bytes.Equal(before, after) {
		t.Errorf("%s, before %s", after, before)
	}
	if faults, _ := w.verify(archive.Check{}); len(faults) > 0 {
		t.Error(faults)
	}
}

// forget removes the head of the chain from the table, as a restored backup does.
func forget(t *testing.T, w *world) {
	t.Helper()
	key := table.Key{Partition: "PLATFORM", Sort: "MARK#ARCHIVE"}
	item, err := w.Store.Get(t.Context(), key)
	w.must(err)
	w.must(w.Store.Transact(t.Context(), []table.Write{table.Delete(key, item.Version)}))
}

// TestARestoredTableDoesNotOverwriteTheArchive holds that a day that was archived stays as it is when
// the table has fewer entries of it later.
func TestARestoredTableDoesNotOverwriteTheArchive(t *testing.T) {
	w := newWorld(t)
	w.on(0, 23*time.Hour)
	w.log(change.Record{Message: "lost by the restore", OrgID: w.Org.ID})
	lost := w.Clock.Now().UnixMicro()
	w.on(2, 2*time.Hour)
	w.catchUp(2)
	page, err := w.Store.Query(t.Context(), table.Query{
		Table: table.Audit, Partition: "ORG#" + w.Org.ID, From: change.AuditSort(lost, ""), Limit: 1,
	})
	w.must(err)
	w.must(w.Database.Write(t.Context(), deleteOf(page.Items[0].Key)))
	forget(t, w)
	w.catchUp(2)
	if all := w.messages(w.dayOf(0), "org-"+w.Org.ID); !slices.Contains(all, "lost by the restore") {
		t.Errorf("the archive has only %v", all)
	}
	// A manifest that does not follow the chain is not taken over.
	forget(t, w)
	m := w.manifest(w.dayOf(1))
	m.Previous = strings.Repeat("0", 64)
	data, err := json.Marshal(m)
	w.must(err)
	w.must(os.WriteFile(w.path(w.dayOf(1), "manifest"), data, 0o600))
	if got, err := w.Archive.CatchUp(t.Context()); err == nil || got != 1 || !strings.Contains(err.Error(), w.dayOf(1)) {
		t.Errorf("%d, %v", got, err)
	}
}

func TestVerifyFindsWhatIsMissingChangedOrSurplus(t *testing.T) {
	name := func(w *world) string { return "org-" + w.Org.ID }
	rewrite := func(w *world, day string, edit func(*archive.Manifest)) {
		m := w.manifest(day)
		edit(&m)
		data, err := json.Marshal(m)
		w.must(err)
		w.must(os.WriteFile(w.path(day, "manifest"), append(data, '\n'), 0o600))
	}
	for what, test := range map[string]struct {
		tamper func(w *world)
		want   []string
	}{
		"a file is gone": {
			func(w *world) { w.must(os.Remove(w.path(w.dayOf(1), name(w)))) }, []string{"1/org: missing"},
		},
		"a file is changed": {
			func(w *world) { w.must(os.WriteFile(w.path(w.dayOf(1), name(w)), zipped(w, "{}\n"), 0o600)) },
			[]string{"1/org: changed"},
		},
		"a file is not compressed": {
			func(w *world) { w.must(os.WriteFile(w.path(w.dayOf(1), name(w)), []byte("x"), 0o600)) },
			[]string{"1/org: changed"},
		},
		"a file and its hash are changed": {func(w *world) {
			w.must(os.WriteFile(w.path(w.dayOf(1), name(w)), zipped(w, "{}\n{}\n{}\n"), 0o600))
			rewrite(w, w.dayOf(1), func(m *archive.Manifest) {
				m.Files = slices.DeleteFunc(m.Files, func(f archive.File) bool { return f.Name == name(w) })
			})
		}, []string{"1/manifest: changed", "1/org: surplus", "2/manifest: changed"}},
		"the number of entries is changed": {func(w *world) {
			rewrite(w, w.dayOf(1), func(m *archive.Manifest) { m.Files[0].Entries++; m.Entries++ })
		}, []string{"1/org: changed", "2/manifest: changed"}},
		"a file is added": {
			func(w *world) { w.must(os.WriteFile(w.path(w.dayOf(2), "org-0"), nil, 0o600)) },
			[]string{"2/org: surplus"},
		},
		"a folder is added": {
			func(w *world) { w.must(os.MkdirAll(w.path("notes", ""), 0o700)) }, []string{"notes: surplus"},
		},
		"a day of the future is added": {
			func(w *world) { w.must(os.MkdirAll(w.path(w.dayOf(9), ""), 0o700)) }, []string{"9: surplus"},
		},
		"a day is gone": {
			func(w *world) { w.must(os.RemoveAll(w.path(w.dayOf(1), ""))) }, []string{"1/manifest: missing"},
		},
		"the first day is gone": {
			func(w *world) { w.must(os.RemoveAll(w.path(w.dayOf(0), ""))) }, []string{"0: missing"},
		},
		"the last day is gone": {
			func(w *world) { w.must(os.RemoveAll(w.path(w.dayOf(3), ""))) }, []string{"3/manifest: missing"},
		},
		"a manifest is no manifest": {
			func(w *world) { w.must(os.WriteFile(w.path(w.dayOf(1), "manifest"), []byte("x"), 0o600)) },
			[]string{"1/manifest: changed", "2/manifest: changed"},
		},
		"a manifest is that of another day": {
			func(w *world) { rewrite(w, w.dayOf(3), func(m *archive.Manifest) { m.Day = w.dayOf(2) }) },
			[]string{"3/manifest: changed"},
		},
		"a name leads elsewhere": {
			func(w *world) {
				rewrite(w, w.dayOf(3), func(m *archive.Manifest) {
					m.Files = append(m.Files, archive.File{Name: "../../x"})
				})
			},
			[]string{"3/manifest: changed"},
		},
	} {
		t.Run(what, func(t *testing.T) {
			w := newWorld(t)
			w.on(1, time.Hour)
			w.log(change.Record{Message: "one", OrgID: w.Org.ID})
			w.on(4, 3*time.Hour)
			w.catchUp(4)
			if faults, _ := w.verify(archive.Check{}); len(faults) > 0 {
				t.Fatal(faults)
			}
			test.tamper(w)
			faults, result := w.verify(archive.Check{})
			got := []string{}
			for _, fault := range faults {
				for i := range 10 {
					fault = strings.Replace(fault, w.dayOf(i), fmt.Sprint(i), 1)
				}
				place, kind, _ := strings.Cut(fault, ": ")
				if where, _, is := strings.Cut(place, "/org-"); is {
					place = where + "/org"
				}
				kind, _, _ = strings.Cut(strings.ReplaceAll(kind, ",", ":"), ":")
				got = append(got, place+": "+kind)
			}
			slices.Sort(got)
			if diff := cmp.Diff(test.want, got); diff != "" || result.Faults != len(faults) {
				t.Errorf("%s\n%s", diff, strings.Join(faults, "\n"))
			}
		})
	}
}

func zipped(w *world, text string) []byte {
	var out bytes.Buffer
	zipper := gzip.NewWriter(&out)
	_, err := zipper.Write([]byte(text))
	w.must(errors.Join(err, zipper.Close()))
	return out.Bytes()
}

func TestARangeOfDaysIsVerifiedAgainstTheDayBeforeAndAHashThatIsKnown(t *testing.T) {
	w := newWorld(t)
	w.on(4, 3*time.Hour)
	w.catchUp(4)
	day := func(after int) time.Time { return w.first.AddDate(0, 0, after) }
	faults, result := w.verify(archive.Check{From: day(1), To: day(2)})
	if len(faults) > 0 || result.Days != 2 || result.Last == "" {
		t.Fatalf("%v, %+v", faults, result)
	}
	if faults, _ := w.verify(archive.Check{From: day(1), To: day(2), Last: result.Last}); len(faults) > 0 {
		t.Error(faults)
	}
	if faults, _ := w.verify(archive.Check{From: day(1), To: day(3), Last: result.Last}); len(faults) != 1 {
		t.Errorf("the hash of another day is taken: %v", faults)
	}
	w.must(os.WriteFile(w.path(w.dayOf(0), "manifest"), []byte(`{}`), 0o600))
	if faults, _ := w.verify(archive.Check{From: day(1), To: day(2)}); len(faults) != 1 {
		t.Errorf("the day before was changed: %v", faults)
	}
}

// unwritable is a store that keeps no file.
type unwritable struct{ blob.Store }

func (unwritable) Put(context.Context, string, io.Reader, int64) (blob.Written, error) {
	return blob.Written{}, fault.New(fault.Unavailable, "The file store does not answer. Try again.")
}

func TestTheArchiveIsLateIfDaysWait(t *testing.T) {
	w := newWorld(t)
	waiting := func() archive.State {
		t.Helper()
		state, err := w.Archive.State(t.Context(), w.Operator())
		w.must(err)
		return state
	}
	w.on(0, 12*time.Hour)
	if state := waiting(); state.Waiting != 0 || state.Late() || state.Day != "" {
		t.Errorf("on the first day: %+v", state)
	}
	w.on(2, 2*time.Hour)
	if state := waiting(); state.Waiting != 2 || state.Late() {
		t.Errorf("on the third day: %+v", state)
	}
	w.on(3, 2*time.Hour)
	if state := waiting(); state.Waiting != 3 || !state.Late() {
		t.Errorf("on the fourth day: %+v", state)
	}
	failing := archive.New(w.Journal, w.Tenants, unwritable{w.Files})
	if got, err := failing.CatchUp(t.Context()); got != 0 || !fault.Is(err, fault.Unavailable) {
		t.Errorf("%d, %v", got, err)
	}
	hurried, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if got, err := w.Archive.CatchUp(hurried); got != 0 || err == nil || !strings.Contains(err.Error(), "3 days late") {
		t.Errorf("without time: %d, %v", got, err)
	}
	w.catchUp(3)
	if state := waiting(); state.Waiting != 0 || state.Day != w.dayOf(2) || len(state.SHA256) != 64 {
		t.Errorf("at the end: %+v", state)
	}
	_, err := w.Archive.State(t.Context(), w.Person(w.MSP.Place(), identity.Admin))
	w.Wants(fault.Forbidden, err)
}

func TestEntriesExpireAfterSixtyDaysAndLongAfterTheyWereArchived(t *testing.T) {
	w := newWorld(t)
	w.log(change.Record{Message: "one", OrgID: w.Org.ID})
	logged := w.Clock.Now()
	w.Clock.Set(logged.Add(60 * 24 * time.Hour))
	if len(w.AuditLog("ORG#"+w.Org.ID)) == 0 {
		t.Error("the entries are gone before 60 days have passed")
	}
	w.Clock.Set(logged.Add(61*24*time.Hour + time.Second))
	if left := w.AuditLog("ORG#" + w.Org.ID); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}
