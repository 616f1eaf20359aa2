package job_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/job"
)

func TestResultsAreFilteredByOutcomeAndJobsByWhatIsWanted(t *testing.T) {
	w := newWorld(t)
	w.fails = func(target string, _ int) error {
		if strings.HasSuffix(target, "77") {
			return fault.Denied()
		}
		return nil
	}
	created := w.create(3000)
	w.drain()
	var failed []string
	after, pages := "", 0
	for {
		page, err := w.ledger.Results(t.Context(), place, created.ID, job.TargetFailed, after, 7)
		w.must(err)
		for _, result := range page.Items {
			failed = append(failed, result.Target)
		}
		pages++
		if after = page.Next; after == "" {
			break
		}
	}
	if len(failed) != 30 || failed[0] != "case-0077" || failed[29] != "case-2977" || pages > 8 {
		t.Errorf("%d pages: %q", pages, failed)
	}
	for range 250 {
		w.create(1)
	}
	var got []string
	for after = ""; ; {
		page, err := w.ledger.List(t.Context(), place, func(j job.Job) bool { return j.State == job.Failed }, after, 5)
		w.must(err)
		for _, one := range page.Items {
			got = append(got, one.ID)
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if diff := cmp.Diff([]string{created.ID}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAFilteredListLosesNoJob(t *testing.T) {
	w := newWorld(t)
	want := map[string]bool{}
	for number := range 220 {
		if created := w.create(number%2 + 1); created.Total == 1 {
			want[created.ID] = true
		}
	}
	for after := ""; ; {
		page, err := w.ledger.List(t.Context(), place, func(j job.Job) bool { return j.Total == 1 }, after, 3)
		w.must(err)
		for _, one := range page.Items {
			if !want[one.ID] {
				t.Errorf("%s comes twice, or was not wanted", one.ID)
			}
			delete(want, one.ID)
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if len(want) > 0 {
		t.Errorf("%d are missing", len(want))
	}
}
