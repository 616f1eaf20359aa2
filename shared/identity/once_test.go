package identity_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

// keyed returns a context with the key of a request for an operation.
func (w *world) keyed(by identity.Principal, operation string) (context.Context, *change.Once) {
	return change.WithOnce(w.t.Context(), change.Request{
		Caller: by.UserID, Credential: by.SessionID, Operation: operation, Key: "k", Fingerprint: func() string { return "body" },
	})
}

// free requires that the key of a request can still be used.
func (w *world) free(ctx context.Context, once *change.Once) {
	w.t.Helper()
	kept, err := w.Journal.Kept(ctx, once)
	if err != nil || kept.Fingerprint != "" || once.Done() {
		w.t.Errorf("the failed request took its key: %+v, %v", kept, err)
	}
}

func TestAWrongPasswordCountsButLeavesTheKeyOfTheRequest(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Write)
	_, session := w.LogIn(carlo)
	for name, call := range map[string]func(ctx context.Context, password string) error{
		"a new token": func(ctx context.Context, password string) error {
			_, _, err := w.Accounts.CreateToken(ctx, session, identity.NewToken{Name: "ci", Password: password})
			return err
		},
		"a new password": func(ctx context.Context, password string) error {
			_, _, err := w.Accounts.ChangeSelf(ctx, session,
				identity.SelfChange{Password: pointer("x7$kQ9!mZ2pW"), CurrentPassword: &password})
			return err
		},
	} {
		before := len(w.AuditLog("USER#" + carlo.UserID))
		ctx, once := w.keyed(session, name)
		for range 2 {
			w.Wants(fault.Invalid, call(ctx, "a wrong one"))
			w.free(ctx, once)
		}
		if failures := len(w.AuditLog("USER#"+carlo.UserID)) - before; failures != 2 {
			t.Errorf("%s: %d failures are recorded", name, failures)
		}
		if name == "a new password" {
			continue // the right one would end the session of the other call
		}
		w.must(call(ctx, apptest.Password))
		if !once.Done() {
			t.Errorf("%s: the request that was carried out left no key", name)
		}
	}
}

func TestAChangeOfOnesOwnAccountIsMadeAsAWholeOrNotAtAll(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Write)
	w.must(w.Accounts.MailFails(t.Context(), carlo.UserID, "mailbox full"))
	request := identity.SelfChange{
		FirstName: pointer("Nino"), MailWorks: true,
		Password: pointer("password1234"), CurrentPassword: pointer(apptest.Password),
	}
	ctx, once := w.keyed(carlo, "PUT /self")
	_, session, err := w.Accounts.ChangeSelf(ctx, carlo, request)
	w.Wants(fault.Invalid, err)
	w.free(ctx, once)
	person, err := w.Accounts.Self(t.Context(), carlo)
	if err != nil || session != nil || person.FirstName != carlo.FirstName || person.GetsMail() {
		t.Errorf("a weak password changed %+v, %v", person, err)
	}
	request.Password = pointer("x7$kQ9!mZ2pW")
	entries := len(w.AuditLog("USER#" + carlo.UserID))
	person, session, err = w.Accounts.ChangeSelf(ctx, carlo, request)
	if err != nil || session == nil || person.FirstName != "Nino" || !person.GetsMail() || !once.Done() {
		t.Fatalf("%+v, %v, %v", person, session, err)
	}
	w.must(w.login(carlo, "x7$kQ9!mZ2pW"))
	log := w.AuditLog("USER#" + carlo.UserID)
	var changes []change.Entry
	for _, entry := range log {
		if entry.Action == "accounts.change_self" {
			changes = append(changes, entry)
		}
	}
	if len(changes) != 1 || len(log) != entries+2 {
		t.Fatalf("%d changes of %d entries", len(changes), len(log)-entries)
	}
	var after struct {
		FirstName string `json:"first_name"`
	}
	if err := json.Unmarshal(changes[0].After, &after); err != nil || after.FirstName != "Nino" ||
		changes[0].Message != "Changed the password and their own name; mail reaches the address again" {
		t.Errorf("the entry is %+v, %v", changes[0], err)
	}
}
