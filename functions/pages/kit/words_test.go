package kit

import (
	"slices"
	"testing"

	"github.com/tenantry/tenantry/functions/pages/language"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/identity/preference"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/lists"
)

// germanReader reads in German.
func germanReader() reading {
	return reading{code: preference.German, printer: language.Printer(preference.German)}
}

// asInEnglish are the words that German has from English, and names.
func asInEnglish() []string {
	return []string{
		"Status", "Version", "Support", "Upgrade", "Installation", "Helpdesk", "Super User", "APIC", "AWS", "Azure", "GCP",
		"CloudStack", "OpenStack", "VMware",
	}
}

func TestTheWordsOfTheAPIAreGermanForWhoReadsGerman(t *testing.T) {
	var values []string
	for _, status := range support.Statuses() {
		values = append(values, string(status))
	}
	for _, state := range job.States() {
		values = append(values, string(state))
	}
	for _, outcome := range []job.Outcome{
		job.TargetWaiting, job.TargetSent, job.TargetDone, job.TargetFailed, job.TargetSkipped, job.TargetCancelled,
	} {
		values = append(values, string(outcome))
	}
	for _, kind := range []support.LinkKind{
		support.Related, support.Parent, support.Child, support.Duplicates, support.Duplicated, support.Follows,
		support.FollowedBy, support.SplitFrom, support.SplitInto, support.Merged, support.MergedTo,
	} {
		values = append(values, string(kind))
	}
	values = append(values, string(support.CustomerSide), string(support.SupportSide), "")
	usual := desk.Default()
	for _, list := range usual.Lists() {
		for _, choice := range *usual.Of(list.Field) {
			values = append(values, choice.Value)
		}
	}
	for _, field := range lists.FilterFields() {
		if field != "org" { // pages call it org_id
			values = append(values, field)
		}
	}
	german := germanReader()
	for _, value := range append(values, "org_id", "due") {
		if got, english := Word(german, value), word(value); got == english && !slices.Contains(asInEnglish(), english) {
			t.Errorf("%q is %q in German", value, got)
		}
	}
	for _, scope := range []identity.ScopeKind{identity.PlatformScope, identity.MSPScope, identity.OrgScope} {
		for _, role := range identity.RolesAt(scope) {
			english := role.NameAt(scope)
			if got := Role(german, role, scope); got == english && !slices.Contains(asInEnglish(), english) {
				t.Errorf("the role %q is %q in German", role, got)
			}
		}
	}
}

func TestWhatAProviderMadeUpStaysAsItIs(t *testing.T) {
	german := germanReader()
	for value, want := range map[string]string{
		"token_ring": "Token ring", "100 % load": "100 % load", "%d cases": "%d cases", "ünder": "Ünder",
	} {
		if got := Word(german, value); got != want {
			t.Errorf("%q is %q, want %q", value, got, want)
		}
	}
}
