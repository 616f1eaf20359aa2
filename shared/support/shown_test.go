package support_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

// shown lists the fields of a case that customers see. If a test below reports a field that is not
// in the list, add it, or clear it in forCustomer and SeenBy, remove its change in WithoutInternal,
// and compare it in sameForCustomers.
func shown() []string {
	return []string{
		"ID", "Number", "OrgID", "MSPID", "Subject", "Type", "Component", "Reason", "Version", "Severity", "Environment",
		"CustomTag", "Status",
		"Submitter.ID", "Submitter.Name", "Submitter.Agent", "Submitter.MailFailure",
		"Assignee.ID", "Assignee.Name", "Assignee.Agent", "Assignee.MailFailure",
		"Watchers[0].ID", "Watchers[0].Name", "Watchers[0].Agent", "Watchers[0].MailFailure",
		"CC[0].ID", "CC[0].Name", "CC[0].Email", "CC[0].Agent", "CC[0].MailFailure",
		"Links[0].CaseID", "Links[0].Number", "Links[0].Kind", "MergedInto.CaseID", "MergedInto.Number", "MergedInto.Kind",
		"Archived", "Created", "Updated", "Solved", "Closed", "Deleted", "CloseAt", "Asked",
		"Rating.Score", "Rating.Comment", "Rating.At", "Comments", "Files", "Extension", "Revision", "Stored",
	}
}

func TestCustomersGetOnlyTheListedFieldsOfACase(t *testing.T) {
	w := supporttest.NewWorld(t)
	got := supporttest.Filled(support.View(w.Customer, w.Org.Place(), supporttest.FullCase()))
	for _, field := range got {
		if !slices.Contains(shown(), field) {
			t.Errorf("customers get the field %s, which is not listed as shown to them", field)
		}
	}
	for _, field := range shown() {
		if !slices.Contains(got, field) {
			t.Errorf("customers do not get the field %s", field)
		}
	}
}

func TestCustomersGetOnlyTheListedFieldsInLists(t *testing.T) {
	for _, field := range supporttest.Filled(supporttest.FullCase().Summary().SeenBy(false)) {
		if !slices.Contains(shown(), field) {
			t.Errorf("customers get the field %s in lists, which is not listed as shown to them", field)
		}
	}
}

// TestCustomersSeeOnlyChangesOfListedFields changes every field at once.
func TestCustomersSeeOnlyChangesOfListedFields(t *testing.T) {
	fields := support.WithoutInternal(support.Differences(support.Case{}, supporttest.FullCase()))
	var names []string
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	want := []string{
		"archived", "assignee", "cc", "component", "custom_tag", "deleted", "environment", "links", "merged_into",
		"other_fields", "reason", "severity", "status", "subject", "type", "version", "watchers",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("the changes that customers learn of (-want +got):\n%s", diff)
	}
}
