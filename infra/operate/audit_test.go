package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/apptest"
)

// archived is the data folder of an installation with an archive of three days.
func archived(t *testing.T) (e *apptest.Estate, data string) {
	t.Helper()
	e = apptest.NewEstate(t)
	e.Clock.Set(e.Clock.Now().UTC().Truncate(24 * time.Hour).Add(3*24*time.Hour + 3*time.Hour))
	if days, err := e.Archive.CatchUp(t.Context()); err != nil || days != 3 {
		t.Fatalf("%d days archived: %v", days, err)
	}
	return e, filepath.Dir(e.FilesFolder())
}

func TestTheArchiveIsVerifiedAndWhatWasTamperedWithIsNamed(t *testing.T) {
	e, data := archived(t)
	verify := func(arguments ...string) (string, error) {
		var out bytes.Buffer
		err := verifyAudit(t.Context(), append([]string{"-data", data}, arguments...), e.Clock.Now(), &out)
		return out.String(), err
	}
	got, err := verify()
	if err != nil || !strings.Contains(got, ": 3 days, ") || !strings.Contains(got, "faults: 0") {
		t.Fatalf("%v:\n%s", err, got)
	}
	state, err := e.Archive.State(t.Context(), e.Operator())
	if err != nil || !strings.Contains(got, state.SHA256) {
		t.Errorf("the hash %s is missing: %v\n%s", state.SHA256, err, got)
	}
	if got, err := verify("-last", state.SHA256); err != nil {
		t.Errorf("with the hash of the last day: %v\n%s", err, got)
	}
	if got, err := verify("-last", strings.Repeat("0", 64)); err == nil || !strings.Contains(got, state.Day+"/manifest: changed") {
		t.Errorf("with another hash: %v\n%s", err, got)
	}
	first := e.Clock.Now().UTC().AddDate(0, 0, -3).Format(time.DateOnly)
	file := filepath.Join(e.FilesFolder(), "archive", first, "org-"+e.Org.ID)
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	content[len(content)/2] ^= 1
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	want := first + "/org-" + e.Org.ID + ": changed"
	if got, err := verify(); err == nil || !strings.Contains(got, want) || !strings.Contains(got, "faults: 1") {
		t.Errorf("%v:\n%s", err, got)
	}
	if got, err := verify("-from", state.Day, "-to", state.Day); err != nil || !strings.Contains(got, ": 1 days, ") {
		t.Errorf("a day that nobody changed: %v\n%s", err, got)
	}
}

func TestVerifyingTheArchiveSaysWhatItNeeds(t *testing.T) {
	for _, test := range []struct {
		arguments []string
		want      string
	}{
		{nil, "use -data data"}, {[]string{"-data", "a", "-aws", "b"}, "use -data data"},
		{[]string{"-data", "a", "-from", "yesterday"}, "2026-11-30"}, {[]string{"-data", "a", "rest"}, "use -data data"},
		{[]string{"-data", filepath.Join(t.TempDir(), "absent")}, "name it with -data"},
	} {
		err := run(t.Context(), append([]string{"verify-audit"}, test.arguments...), "", os.Stdout)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v: %v", test.arguments, err)
		}
	}
	data := t.TempDir()
	if err := os.Mkdir(filepath.Join(data, "files"), 0o700); err != nil {
		t.Fatal(err)
	}
	err := run(t.Context(), []string{"verify-audit", "-data", data}, "", os.Stdout)
	if err == nil || !strings.Contains(err.Error(), "no archive here yet") {
		t.Errorf("without an archive: %v", err)
	}
	err = verifyAudit(t.Context(), []string{"-data", data, "-from", "2026-03-02", "-to", "2026-03-01"}, time.Now(), os.Stdout)
	if err == nil || !strings.Contains(err.Error(), "is after the last") {
		t.Errorf("a range from its end to its start: %v", err)
	}
}
