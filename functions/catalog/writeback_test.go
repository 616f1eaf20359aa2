package catalog_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

// auditCounter counts the audit entries that are written.
type auditCounter struct {
	table.Store
	entries atomic.Int64
}

// Transact counts the entries of a transaction.
func (c *auditCounter) Transact(ctx context.Context, writes []table.Write) error {
	err := c.Store.Transact(ctx, writes)
	for _, write := range writes {
		if err == nil && write.Item.Table == table.Audit {
			c.entries.Add(1)
		}
	}
	return err
}

// linksAside ignores the links to files, which are signed anew for each answer.
var linksAside = cmpopts.IgnoreMapEntries(func(name string, _ any) bool { return name == "content_url" })

// family is a path with a GET and a PUT.
type family struct {
	get, put endpoint.Endpoint
	line     line
}

// families lists the paths of the catalog with a GET and a PUT.
func (i *installation) families(t *testing.T) []family {
	var found []family
	for _, put := range i.endpoints {
		at := slices.IndexFunc(i.endpoints, func(e endpoint.Endpoint) bool {
			return e.Method == http.MethodGet && e.Path == put.Path
		})
		if put.Method == http.MethodPut && at >= 0 && put.Name != "msps.assign_orgs" { // it takes an order, not the list
			found = append(found, family{get: i.endpoints[at], put: put, line: lineOf(t, put.Name)})
		}
	}
	if len(found) < 8 {
		t.Fatalf("only %d paths have a GET and a PUT", len(found))
	}
	return found
}

func (i *installation) read(t testing.TB, as, path string) object {
	t.Helper()
	got := i.call(as, http.MethodGet, path, "", nil)
	if got.Code != http.StatusOK {
		t.Fatalf("GET %s as %s: status %d: %s", path, as, got.Code, got.Body)
	}
	return decode(t, got)
}

func (i *installation) write(t testing.TB, as, path string, body object) int {
	t.Helper()
	data, err := json.Marshal(body)
	check(t, err)
	got := i.call(as, http.MethodPut, path, "application/json", bytes.NewReader(data))
	if got.Code != http.StatusOK && got.Code != http.StatusBadRequest {
		t.Fatalf("PUT %s as %s: status %d: %s", path, as, got.Code, got.Body)
	}
	return got.Code
}

// TestWhatWasReadCanBeWrittenBackAndChangesNothing reads an object of every family as everybody who may
// change it, and writes it back as it is.
func TestWhatWasReadCanBeWrittenBackAndChangesNothing(t *testing.T) {
	audit := &auditCounter{}
	i := newInstallation(t, func(store table.Store) table.Store {
		audit.Store = store
		return audit
	})
	targets := make([]object, 4)
	for n := range targets {
		targets[n] = object{"first_answer": object{"minutes": 60}}
	}
	if status := i.write(t, "msp admin", "/msps/"+i.msp.ID+"/desk", object{
		"service_level": object{"name": "Standard", "calendar": object{"time_zone": "Europe/Berlin", "always": true}, "targets": targets},
		"desk_ids":      []string{i.people["msp helpdesk"].UserID}, "components": []object{{"value": "Wi-Fi"}},
	}); status != http.StatusOK {
		t.Fatalf("the desk's settings: status %d", status)
	}
	for _, f := range i.families(t) {
		t.Run(f.put.Name, func(t *testing.T) {
			i.t = t
			callers := strings.Split(f.line.allowed, ",")
			if f.line.allowed == everybody || f.line.allowed == "" {
				callers = []string{"operator", "msp admin", "org read"}
			}
			path := f.line.path(i)
			for _, as := range callers {
				if i.call(as, http.MethodGet, path, "", nil).Code == http.StatusForbidden {
					continue // may change it, and not read it
				}
				before := i.read(t, as, path)
				entries := audit.entries.Load()
				if status := i.write(t, as, path, before); status != http.StatusOK {
					t.Errorf("%s cannot write back what they read", as)
				}
				if n := audit.entries.Load() - entries; n != 0 {
					t.Errorf("writing back as %s made %d audit entries", as, n)
				}
				if diff := cmp.Diff(before, i.read(t, as, path), linksAside); diff != "" {
					t.Errorf("writing back as %s changed:\n%s", as, diff)
				}
			}
		})
	}
}

// TestUnknownFieldsAreKeptWhereOtherProgramsExpectIt writes any fields to the objects that keep them: they
// are given back, and writing all of it back changes nothing.
func TestUnknownFieldsAreKeptWhereOtherProgramsExpectIt(t *testing.T) {
	audit := &auditCounter{}
	i := newInstallation(t, func(store table.Store) table.Store {
		audit.Store = store
		return audit
	})
	kept := 0
	for _, f := range i.families(t) {
		if f.put.Unknown != endpoint.KeepUnknown {
			continue
		}
		kept++
		i.t = t
		as, path := caller(f.line), f.line.path(i)
		rapid.Check(t, func(t *rapid.T) {
			names := rapid.StringMatching(`x_[a-z]{1,6}`)
			values := rapid.OneOf(
				rapid.Map(rapid.String(), func(s string) any { return s }),
				rapid.Map(rapid.Int32(), func(n int32) any { return float64(n) }),
				rapid.Map(rapid.SliceOfN(rapid.Bool(), 0, 3), func(list []bool) any {
					all := make([]any, len(list))
					for i, one := range list {
						all[i] = object{"on": one}
					}
					return all
				}),
				rapid.Just[any](nil),
			)
			given := rapid.MapOfN(names, values, 1, 3).Draw(t, "fields")
			before := i.read(i.t, as, path)
			status := i.write(i.t, as, path, given)
			read := i.read(i.t, as, path)
			if status != http.StatusOK { // more than the object can carry
				if diff := cmp.Diff(before, read, linksAside); diff != "" {
					t.Fatalf("a refused change changed:\n%s", diff)
				}
				return
			}
			for name, value := range given {
				if got, has := read[name]; has != (value != nil) || !cmp.Equal(got, value) {
					t.Fatalf("%s of %s: %v, want %v", name, path, got, value)
				}
			}
			entries := audit.entries.Load()
			if i.write(i.t, as, path, read); audit.entries.Load() != entries {
				t.Fatalf("writing back made %d audit entries", audit.entries.Load()-entries)
			}
			if diff := cmp.Diff(read, i.read(i.t, as, path), linksAside); diff != "" {
				t.Fatal(diff)
			}
		})
	}
	if kept < 4 {
		t.Errorf("only %d families keep unknown fields", kept)
	}
}

// TestUnknownFieldsHaveBounds holds that a stranger cannot store more than some kilobytes with an object.
func TestUnknownFieldsHaveBounds(t *testing.T) {
	i := newInstallation(t, nil)
	for _, f := range i.families(t) {
		if f.put.Unknown != endpoint.KeepUnknown {
			continue
		}
		as, path := caller(f.line), f.line.path(i)
		before := i.read(t, as, path)
		for what, body := range map[string]object{
			"large": {"x_large": strings.Repeat("x", 33000)},
			"deep":  {"x_deep": []any{[]any{[]any{[]any{[]any{[]any{[]any{1}}}}}}}},
			"name":  {strings.Repeat("n", 200): 1},
			"huge":  {"x_huge": []any{json.Number("1e999")}},
		} {
			if status := i.write(t, as, path, body); status != http.StatusBadRequest {
				t.Errorf("%s, %s: status %d", path, what, status)
			}
		}
		for name := range before { // what programs that ignore the case of letters take for ours
			if status := i.write(t, as, path, object{strings.ToUpper(name): "x"}); status != http.StatusBadRequest {
				t.Errorf("%s, %s: status %d", path, strings.ToUpper(name), status)
			}
		}
		if diff := cmp.Diff(before, i.read(t, as, path), linksAside); diff != "" {
			t.Errorf("%s: a refused field changed:\n%s", path, diff)
		}
	}
}

// TestPrivilegesAreTakenAsOtherProgramsSendThem holds that what stands beside the role is taken, and that
// what would narrow the privilege is refused rather than forgotten.
func TestPrivilegesAreTakenAsOtherProgramsSendThem(t *testing.T) {
	i := newInstallation(t, nil)
	path := stranger(org, "/orgs/{}")(i)
	put := func(privilege object) (int, object) {
		status := i.write(t, "org admin", path, object{"privileges": []object{privilege}, "zzz": 1, "first_name": "Else"})
		return status, i.read(t, "org admin", path)
	}
	status, read := put(object{
		"scope": "org", "org_id": i.org.ID, "role": "helpdesk", "site_id": "", "name": "Rialto Hotels",
		"views": []string{"switch_admin", "marketing"}, "orggroup_ids": []string{}, "msp_name": "Adria",
	})
	privilege, _ := read["privileges"].([]any)[0].(map[string]any)
	if status != http.StatusOK || privilege["role"] != "helpdesk" ||
		!cmp.Equal(privilege["views"], []any{"marketing", "switch_admin"}) {
		t.Errorf("status %d, %v", status, read)
	}
	if _, has := read["zzz"]; has || read["first_name"] != "First" {
		t.Errorf("an administrator's account was changed by another: %v", read)
	}
	for what, wrong := range map[string]object{
		"a site":          {"scope": "org", "role": "read", "site_id": unknownID},
		"site groups":     {"scope": "org", "role": "read", "sitegroup_ids": []string{unknownID}},
		"another scope":   {"scope": "site", "role": "read"},
		"labels":          {"scope": "orggroup", "role": "read", "orggroup_ids": []string{unknownID}},
		"an unknown view": {"scope": "org", "role": "read", "views": []string{"everything"}},
		"an unknown word": {"scope": "org", "role": "read", "only_on": "monday"},
	} {
		if status, after := put(wrong); status != http.StatusBadRequest || !cmp.Equal(after, read) {
			t.Errorf("%s: status %d, %v", what, status, after)
		}
	}
}

// TestAnMSPsAdministratorIsWrittenBackWithThePrivilegesBelow holds that the privileges at organizations,
// which an MSP's list shows, may be sent along as they are, and changed.
func TestAnMSPsAdministratorIsWrittenBackWithThePrivilegesBelow(t *testing.T) {
	i := newInstallation(t, nil)
	path := stranger(msp, "/msps/{}")(i)
	id := path[strings.LastIndexByte(path, '/')+1:]
	person, err := i.Accounts.Person(context.Background(), id)
	check(t, err)
	invite, err := i.Accounts.CreateInvite(context.Background(), i.people["operator"], i.org.Place(),
		identity.NewInvite{Email: person.Email, Role: identity.Write})
	check(t, err)
	by := person.Principal("api", "192.0.2.1")
	_, err = i.Accounts.AcceptInvite(context.Background(), &by, i.Accounts.InviteToken(i.org.Place(), invite),
		identity.Acceptance{}, "192.0.2.1")
	check(t, err)
	read := i.read(t, "msp admin", path)
	privileges, _ := read["privileges"].([]any)
	if len(privileges) != 2 {
		t.Fatalf("%v", read)
	}
	for _, one := range privileges {
		if one := one.(map[string]any); one["scope"] == "msp" {
			one["role"] = "helpdesk"
		}
	}
	if status := i.write(t, "msp admin", path, read); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	if diff := cmp.Diff(read["privileges"], i.read(t, "msp admin", path)["privileges"]); diff != "" {
		t.Error(diff)
	}
	for _, one := range privileges {
		one.(map[string]any)["role"] = "admin"
	}
	if status := i.write(t, "msp admin", path, read); status != http.StatusOK {
		t.Errorf("status %d", status)
	}
	for _, one := range i.read(t, "msp admin", path)["privileges"].([]any) {
		if one := one.(map[string]any); one["role"] != "admin" {
			t.Errorf("the role at scope %s is %s", one["scope"], one["role"])
		}
	}
}

// TestAPhoneNumberIsShownToTheOtherAdministrators holds that people set their own number, and that the
// administrators of a place see it.
func TestAPhoneNumberIsShownToTheOtherAdministrators(t *testing.T) {
	i := newInstallation(t, nil)
	if status := i.write(t, "org write", "/self", object{"phone": "+39 041 5550100", "phone2": "100"}); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	read := i.read(t, "org admin", "/orgs/"+i.org.ID+"/admins/"+i.people["org write"].UserID)
	if read["phone"] != "+39 041 5550100" || read["phone2"] != "100" {
		t.Errorf("%v", read)
	}
	for what, body := range map[string]object{
		"an address":      {"email": "else@example.com"},
		"two factors":     {"enable_two_factor": true},
		"a long number":   {"phone": strings.Repeat("1", 65)},
		"a line break":    {"phone2": "1\n2"},
		"another address": {"email": "ELSE@example.com"},
	} {
		if status := i.write(t, "org write", "/self", body); status != http.StatusBadRequest {
			t.Errorf("%s: status %d", what, status)
		}
	}
	if status := i.write(t, "org write", "/self", object{"email": "Org.Write@example.com", "enable_two_factor": false}); status != http.StatusOK {
		t.Errorf("the present address: status %d", status)
	}
}
