package mailfolder

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/mail"
)

func open(t *testing.T) *Folder {
	t.Helper()
	f, err := Open(filepath.Join(t.TempDir(), "a", "b"))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func send(t *testing.T, f *Folder, id, raw string) {
	t.Helper()
	message := mail.Outgoing{ID: id, EnvelopeFrom: "from@x.example", To: id + "@x.example", Raw: []byte(raw)}
	if _, err := f.Send(t.Context(), message); err != nil {
		t.Fatal(err)
	}
}

func TestAMailIsStoredUnchangedWithItsEnvelope(t *testing.T) {
	f := open(t)
	raw := "Subject: x\r\n\r\n.\r\n\xff\x00"
	send(t, f, "m-1", raw)
	file, err := os.ReadFile(filepath.Join(f.folder, "m-1.eml"))
	if err != nil || string(file) != raw {
		t.Errorf("file %q, %v", file, err)
	}
	got, err := f.Get("m-1")
	if err != nil {
		t.Fatal(err)
	}
	want := Mail{
		ID:       "m-1",
		Kept:     got.Kept,
		Size:     int64(len(raw)),
		Envelope: Envelope{"from@x.example", "m-1@x.example"},
		Raw:      []byte(raw),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheSameMailAgainChangesNothing(t *testing.T) {
	f := open(t)
	send(t, f, "m-1", "first")
	before, err := f.Get("m-1")
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() { send(t, f, "m-1", "second") })
	}
	wait.Wait()
	after, err := f.Get("m-1")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Error(diff)
	}
	if entries, _ := os.ReadDir(f.folder); len(entries) != 2 {
		t.Errorf("files: %v", entries)
	}
}

func TestAnIDThatPointsOutsideTheFolderIsRefused(t *testing.T) {
	f := open(t)
	for _, id := range []string{"", "../x", "a/b", "a.b", "č", "a b", "a\x00", string(make([]byte, 201))} {
		if _, err := f.Send(t.Context(), mail.Outgoing{ID: id, Raw: []byte("x")}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", id, err)
		}
		if _, err := f.Get(id); !fault.Is(err, fault.NotFound) {
			t.Errorf("%q: %v", id, err)
		}
	}
	if entries, _ := os.ReadDir(f.folder); len(entries) != 0 {
		t.Errorf("files: %v", entries)
	}
}

func TestTheListIsPagedFromTheNewest(t *testing.T) {
	f := open(t)
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var want []string
	for i := range 25 {
		id := fmt.Sprintf("m-%02d", i)
		send(t, f, id, "x")
		// Two mails have the same time.
		at := begin.Add(time.Duration(i/2) * time.Second)
		if err := os.Chtimes(f.path(id, ".eml"), at, at); err != nil {
			t.Fatal(err)
		}
		want = append([]string{id}, want...)
	}
	if err := os.WriteFile(filepath.Join(f.folder, ".writing-1"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var got []string
	before := ""
	for pages := 0; pages == 0 || before != ""; pages++ {
		page, err := f.List(10, before)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page.Mails {
			got = append(got, m.ID)
		}
		before = page.Next
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if whole, err := f.List(25, ""); err != nil || whole.Next != "" {
		t.Errorf("a full last page: next %q, %v", whole.Next, err)
	}
}

func TestAPartlyWrittenMailDoesNotExist(t *testing.T) {
	f := open(t)
	if err := os.WriteFile(f.path("m-1", ".json"), []byte(`{}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if page, err := f.List(10, ""); err != nil || len(page.Mails) != 0 {
		t.Errorf("list: %v, %v", page, err)
	}
	send(t, f, "m-1", "whole")
	if got, err := f.Get("m-1"); err != nil || string(got.Raw) != "whole" || got.Envelope.To != "m-1@x.example" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAnUnwritableFolderIsATransientError(t *testing.T) {
	f := open(t)
	if err := os.RemoveAll(f.folder); err != nil {
		t.Fatal(err)
	}
	_, err := f.Send(t.Context(), mail.Outgoing{ID: "m-1", Raw: []byte("x")})
	if !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %v", err)
	}
}
