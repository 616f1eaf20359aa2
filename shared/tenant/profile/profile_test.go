package profile_test

import (
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/bulk"
	"github.com/tenantry/tenantry/shared/tenant/profile"
)

type world struct {
	*apptest.Estate
	t        *testing.T
	operator identity.Principal
	handled  int
}

func newWorld(t *testing.T) *world {
	t.Helper()
	e := apptest.NewEstate(t)
	return &world{Estate: e, t: t, operator: e.Operator(), handled: len(e.Outbox())}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) create(name string) profile.Profile {
	w.t.Helper()
	created, err := w.Profiles.Create(w.t.Context(), w.operator, profile.Fields{Name: name, Image: "ap-6.1.2"})
	w.must(err)
	return created
}

func (w *world) managed(name string) tenant.Org {
	w.t.Helper()
	org := w.NewOrg(w.MSP.ID, name)
	_, err := w.Tenants.Turn(w.t.Context(), w.operator, org.ID, tenant.ImageManagement, true)
	w.must(err)
	return org
}

func (w *world) assign(org tenant.Org, p profile.Profile, asDefault bool) {
	w.t.Helper()
	_, err := w.Profiles.Assign(w.t.Context(), w.operator, org.ID, p.ID, asDefault)
	w.must(err)
}

// holds checks the profiles of an organization; the default is the first.
func (w *world) holds(org tenant.Org, want ...profile.Profile) {
	w.t.Helper()
	held, profiles, err := w.Profiles.Of(w.t.Context(), w.operator, org.ID)
	w.must(err)
	if len(profiles) != len(want) || len(want) == 0 && held.Default != "" || len(want) > 0 && held.Default != want[0].ID {
		w.t.Errorf("%s has %+v", org.Name, held)
	}
}

func TestAnOrganizationHasProfilesAndOneDefault(t *testing.T) {
	w := newWorld(t)
	org, other := w.managed("Rialto"), w.managed("Lido")
	stable, early := w.create("Stable"), w.create("Early")
	w.holds(org)
	w.assign(org, stable, false)
	w.assign(org, early, false)
	w.holds(org, stable, early)
	w.assign(org, early, true)
	w.holds(org, early, stable)
	w.assign(other, early, false)
	if used, err := w.Profiles.Get(t.Context(), w.operator, early.ID); err != nil || used.Orgs != 2 {
		t.Errorf("%+v, %v", used, err)
	}
	w.Wants(fault.Conflict, w.Profiles.Delete(t.Context(), w.operator, early.ID))
	for range 2 { // removing it again changes nothing
		_, err := w.Profiles.Remove(t.Context(), w.operator, org.ID, early.ID)
		w.must(err)
	}
	w.holds(org, stable)
	_, err := w.Profiles.Remove(t.Context(), w.operator, other.ID, early.ID)
	w.must(err)
	w.must(w.Profiles.Delete(t.Context(), w.operator, early.ID))
	w.create("EARLY") // the name is free again
}

func TestOnlyOrganizationsThatManageImagesGetProfiles(t *testing.T) {
	w := newWorld(t)
	managed, stable := w.managed("Lido"), w.create("Stable")
	_, err := w.Profiles.Assign(t.Context(), w.operator, w.Org.ID, stable.ID, false)
	w.Wants(fault.Conflict, err)
	request := bulk.Request{
		Action: profile.AssignAction, OrgIDs: []string{managed.ID, w.Org.ID, w.Foreign.ID}, ProfileID: stable.ID,
	}
	preview, err := w.OrgJobs.Preview(t.Context(), w.operator, "", request)
	if err != nil || preview.Blocked != 2 || preview.Changed != 1 {
		t.Errorf("%+v, %v", preview, err)
	}
	created, err := w.OrgJobs.Create(t.Context(), w.operator, "", request)
	w.must(err)
	done := w.run(created)
	if done.Done != 1 || done.Failed != 2 {
		t.Errorf("%+v", done)
	}
	w.holds(managed, stable)
	w.holds(w.Org)
	_, err = w.Profiles.Confirmed(t.Context(), w.operator, stable.ID, 2)
	w.Wants(fault.Conflict, err)
	ids, err := w.Profiles.Confirmed(t.Context(), w.operator, stable.ID, 1)
	w.must(err)
	created, err = w.OrgJobs.Create(t.Context(), w.operator, "",
		bulk.Request{Action: profile.RemoveAction, OrgIDs: ids, ProfileID: stable.ID})
	w.must(err)
	if done := w.run(created); done.Done != 1 {
		t.Errorf("%+v", done)
	}
	w.holds(managed)
	w.must(w.Profiles.Delete(t.Context(), w.operator, stable.ID))
}

// run performs a job.
func (w *world) run(created job.Job) job.Job {
	w.t.Helper()
	for _, message := range w.Outbox()[w.handled:] {
		if strings.Contains(string(message.Body), created.ID) {
			w.must(w.Jobs.Run(w.t.Context(), message))
		}
	}
	done, _, err := w.Jobs.Get(w.t.Context(), w.operator, job.Scope{}, created.ID, "", "", 10)
	w.must(err)
	return done
}

func TestProfilesAreForOperators(t *testing.T) {
	w := newWorld(t)
	stable := w.create("Stable")
	for _, by := range []identity.Principal{
		w.Person(w.MSP.Place(), identity.Admin), w.Person(w.Org.Place(), identity.Admin), w.SupportAgent(),
	} {
		_, err := w.Profiles.List(t.Context(), by)
		w.Wants(fault.Forbidden, err)
		_, err = w.Profiles.Create(t.Context(), by, profile.Fields{Name: "Mine"})
		w.Wants(fault.Forbidden, err)
		_, err = w.Profiles.Change(t.Context(), by, stable.ID, stable.Fields, 0)
		w.Wants(fault.Forbidden, err)
		w.Wants(fault.Forbidden, w.Profiles.Delete(t.Context(), by, stable.ID))
		_, err = w.Profiles.Assign(t.Context(), by, w.Org.ID, stable.ID, true)
		w.Wants(fault.Forbidden, err)
		_, err = w.OrgJobs.Create(t.Context(), by, "",
			bulk.Request{Action: profile.AssignAction, OrgIDs: []string{w.Org.ID}, ProfileID: stable.ID})
		w.Wants(fault.Forbidden, err)
	}
	_, _, err := w.Profiles.Of(t.Context(), w.Person(w.ForeignMSP.Place(), identity.Admin), w.Org.ID)
	w.Wants(fault.NotFound, err)
}

func TestAProfileThatCannotBeOneIsRefused(t *testing.T) {
	w := newWorld(t)
	stable := w.create("Stable")
	for name, change := range map[string]func(*profile.Fields){
		"no name":                 func(f *profile.Fields) { f.Name = " " },
		"a name with a link":      func(f *profile.Fields) { f.Name = "https://evil.example" },
		"a long name":             func(f *profile.Fields) { f.Name = strings.Repeat("x", 65) },
		"an image with a path":    func(f *profile.Fields) { f.Image = "../ap" },
		"an unknown selection":    func(f *profile.Fields) { f.Selection = "best" },
		"static without gateways": func(f *profile.Fields) { f.Selection = profile.Static },
		"dynamic with gateways":   func(f *profile.Fields) { f.Gateways = []string{"gw-1"} },
		"a gateway twice": func(f *profile.Fields) {
			f.Selection, f.Gateways = profile.Static, []string{"gw-1", "gw-1"}
		},
		"an address without TLS":      func(f *profile.Fields) { f.Address = "http://portal.example.com" },
		"an address with a password":  func(f *profile.Fields) { f.Address = "https://a:b@portal.example.com" },
		"a heartbeat of 9 seconds":    func(f *profile.Fields) { f.Heartbeat = 9 },
		"statistics within the slice": func(f *profile.Fields) { f.TimeSlice, f.Interval = 600, 300 },
	} {
		fields := stable.Fields
		change(&fields)
		_, err := w.Profiles.Change(t.Context(), w.operator, stable.ID, fields, 0)
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	fields := stable.Fields
	fields.Name = "STABLE"
	_, err := w.Profiles.Create(t.Context(), w.operator, fields)
	w.Wants(fault.Conflict, err)
	_, err = w.Profiles.Duplicate(t.Context(), w.operator, stable.ID, "Stable")
	w.Wants(fault.Conflict, err)
	_, err = w.Profiles.Change(t.Context(), w.operator, stable.ID, fields, 7)
	w.Wants(fault.Conflict, err)
	all, err := w.Profiles.List(t.Context(), w.operator)
	if err != nil || len(all) != 1 || all[0].Name != "Stable" || all[0].Heartbeat != 30 {
		t.Errorf("%+v, %v", all, err)
	}
	copied, err := w.Profiles.Duplicate(t.Context(), w.operator, stable.ID, "Stable for tests")
	if err != nil || copied.Image != stable.Image {
		t.Errorf("%+v, %v", copied, err)
	}
}

func TestAProfileIsRemovedThoughADeletedOrganizationHasIt(t *testing.T) {
	w := newWorld(t)
	lido, gone, stable := w.managed("Lido"), w.managed("Gone"), w.create("Stable")
	w.assign(lido, stable, false)
	w.assign(gone, stable, false)
	_, err := w.Life.Delete(t.Context(), w.operator, gone.ID)
	w.must(err)
	ids, err := w.Profiles.Confirmed(t.Context(), w.operator, stable.ID, 2)
	w.must(err)
	created, err := w.OrgJobs.Create(t.Context(), w.operator, "",
		bulk.Request{Action: profile.RemoveAction, OrgIDs: ids, ProfileID: stable.ID})
	w.must(err)
	if done := w.run(created); done.Done != 1 {
		t.Errorf("%+v", done)
	}
	w.holds(lido)
	_, err = w.Profiles.Confirmed(t.Context(), w.operator, stable.ID, 1)
	w.Wants(fault.Conflict, err)
	_, err = w.Life.Restore(t.Context(), w.operator, gone.ID)
	w.must(err)
	w.holds(gone, stable)
}
