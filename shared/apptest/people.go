package apptest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Password is everybody's password.
const Password = "seven quiet lighthouses 42"

// first is the stored account of the first operator of the process. Other accounts are copies of it
// with other names, because hashing a password for each would take most of a test's time.
var first struct {
	once    sync.Once
	profile []byte
	// setup is what is stored of the first start.
	setup []byte
}

// Operator returns the installation's operator, and creates the account on the first call.
func (w *App) Operator() identity.Principal {
	w.t.Helper()
	const name = "operator"
	if _, created := w.people[name]; !created {
		first.once.Do(func() { first.profile, first.setup = New(w.t).setUp() })
		entry := func(id string) table.Item {
			return table.Item{
				Key:  table.Key{Partition: "PLATFORM", Sort: "ADMIN#" + id},
				Data: []byte(`{"user_id":"` + id + `"}`),
			}
		}
		w.people[name] = w.account(
			"olga@platform.example.net",
			"Olga",
			"Orsini",
			entry,
			identity.Privilege{Scope: identity.PlatformScope, Role: identity.Operator},
		)
		w.finishSetup()
	}
	return w.people[name]
}

// setupKey is the key of what is stored of the first start.
var setupKey = table.Key{Partition: "PLATFORM", Sort: "SETUP"}

// finishSetup stores that the first start is over, whether it was prepared or not.
func (w *App) finishSetup() {
	w.t.Helper()
	prepared, err := w.Store.Get(w.t.Context(), setupKey)
	if err != nil && !errors.Is(err, table.ErrAbsent) {
		w.t.Fatal(err)
	}
	write := table.Create(table.Item{Key: setupKey, Data: first.setup})
	if prepared.Version > 0 {
		write = table.Update(table.Item{Key: setupKey, Data: first.setup, Version: prepared.Version})
	}
	w.must(w.Store.Transact(w.t.Context(), []table.Write{write}))
}

// setUp creates an operator as on first start, and returns the stored account and what is stored of the
// first start.
func (w *App) setUp() (profile, setup []byte) {
	w.t.Helper()
	token, err := w.Accounts.PrepareSetup(w.t.Context(), "")
	w.must(err)
	person, err := w.Accounts.Setup(
		w.t.Context(),
		token,
		"first@platform.example.net",
		Password,
		"First",
		"Operator",
		Source,
	)
	w.must(err)
	stored, err := w.Store.Get(w.t.Context(), table.Key{Partition: "USER#" + person.ID, Sort: "PROFILE"})
	w.must(err)
	done, err := w.Store.Get(w.t.Context(), setupKey)
	w.must(err)
	return stored.Data, done.Data
}

// SupportAgent returns a support agent of the platform.
func (w *App) SupportAgent() identity.Principal {
	w.t.Helper()
	return w.Person(identity.ThePlatform(), identity.Support)
}

// Person returns the one person with this role at this place, and creates the person on the first
// call.
func (w *App) Person(place identity.Place, role identity.Role) identity.Principal {
	w.t.Helper()
	if place.Scope == identity.PlatformScope && role == identity.Operator {
		return w.Operator()
	}
	name := string(role) + " " + place.Partition()
	if _, created := w.people[name]; !created {
		w.people[name] = w.Another(place, role)
	}
	return w.people[name]
}

// Another creates a further person with this role at this place.
func (w *App) Another(place identity.Place, role identity.Role) identity.Principal {
	w.t.Helper()
	number := len(w.people) + 1
	w.people[fmt.Sprint(number)] = identity.Principal{}
	family := map[identity.ScopeKind]string{
		identity.PlatformScope: "Platform", identity.MSPScope: "Partner", identity.OrgScope: "Customer",
	}[place.Scope]
	address := fmt.Sprintf("%s-%d@%s.example.net", role, number, strings.ToLower(family))
	return w.Invited(
		place,
		role,
		address,
		fmt.Sprintf("%s%d", strings.ToUpper(string(role[:1]))+string(role[1:]), number),
		family,
	)
}

// Invited creates a person with a given address and name, who accepts an operator's invitation.
func (w *App) Invited(
	place identity.Place,
	role identity.Role,
	address, firstName, lastName string,
) identity.Principal {
	w.t.Helper()
	w.Operator()
	return w.Grant(w.account(address, firstName, lastName, nil), place, role)
}

// account creates a person with privileges; entry, if not nil, returns an item for a list of
// administrators.
func (w *App) account(
	address, firstName, lastName string,
	entry func(id string) table.Item,
	privileges ...identity.Privilege,
) identity.Principal {
	w.t.Helper()
	var profile map[string]any
	w.must(json.Unmarshal(first.profile, &profile))
	id := w.Journal.NewID()
	profile["id"], profile["email"], profile["privileges"] = id, address, privileges
	profile["first_name"], profile["last_name"] = firstName, lastName
	stored, err := change.Encode(table.Key{Partition: "USER#" + id, Sort: "PROFILE"}, profile)
	w.must(err)
	pointer, err := change.Encode(
		table.Key{Partition: "EMAIL#" + address, Sort: "ACCOUNT"},
		map[string]string{"user_id": id},
	)
	w.must(err)
	writes := []table.Write{table.Create(stored), table.Create(pointer)}
	if entry != nil {
		writes = append(writes, table.Create(entry(id)))
	}
	w.must(w.Store.Transact(w.t.Context(), writes))
	person, err := w.Accounts.PersonByEmail(w.t.Context(), address)
	w.must(err)
	return person.Principal("api", Source)
}

// Invite creates an operator's invitation.
func (w *App) Invite(place identity.Place, role identity.Role, address string) identity.Invite {
	w.t.Helper()
	invite, err := w.Accounts.CreateInvite(
		w.t.Context(),
		w.Operator(),
		place,
		identity.NewInvite{Email: address, Role: role},
	)
	w.must(err)
	return invite
}

// Grant changes the role of a person, and returns the person with the new role.
func (w *App) Grant(to identity.Principal, place identity.Place, role identity.Role) identity.Principal {
	w.t.Helper()
	invite := w.Invite(place, role, to.Email)
	person, err := w.Accounts.AcceptInvite(
		w.t.Context(),
		&to,
		w.Accounts.InviteToken(place, invite),
		identity.Acceptance{},
		Source,
	)
	w.must(err)
	return person.Principal("api", Source)
}

// Below creates a person with privileges at labels and organizations of an MSP.
func (w *App) Below(msp identity.Place, privileges ...identity.Privilege) identity.Principal {
	w.t.Helper()
	number := len(w.people) + 1
	w.people[fmt.Sprint(number)] = identity.Principal{}
	to := w.account(fmt.Sprintf("below-%d@partner.example.net", number), "Bela", "Below", nil)
	invite, err := w.Accounts.CreateInvite(w.t.Context(), w.Operator(), msp,
		identity.NewInvite{Email: to.Email, Below: privileges})
	w.must(err)
	person, err := w.Accounts.AcceptInvite(w.t.Context(), &to, w.Accounts.InviteToken(msp, invite),
		identity.Acceptance{}, Source)
	w.must(err)
	return person.Principal("api", Source)
}

// Revoke removes a person's privileges at a place.
func (w *App) Revoke(from identity.Principal, place identity.Place) {
	w.t.Helper()
	w.must(w.Accounts.RemoveAdministrator(w.t.Context(), w.Operator(), place, from.UserID))
}

// Fresh reads a person again: a Principal has the privileges from when it was created.
func (w *App) Fresh(of identity.Principal) identity.Principal {
	w.t.Helper()
	person, err := w.Accounts.Person(w.t.Context(), of.UserID)
	w.must(err)
	return person.Principal("api", Source)
}

// LogIn starts a session with the test password.
func (w *App) LogIn(of identity.Principal) (identity.Session, identity.Principal) {
	w.t.Helper()
	session, _, err := w.Accounts.Login(w.t.Context(), of.Email, Password, Source)
	w.must(err)
	known, err := w.Accounts.BySession(w.t.Context(), session.Cookie, Source)
	w.must(err)
	return session, known
}

// Wants fails the test unless err is a fault of this code; "" means no error.
func (w *App) Wants(code fault.Code, err error) {
	w.t.Helper()
	if got := fault.CodeOf(err); got != code {
		w.t.Errorf("got %q (%v), want %q", got, err, code)
	}
}
