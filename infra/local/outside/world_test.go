package outside

import (
	"testing"
)

// world is an installation with an operator, an MSP with a helpdesk, and a customer.
type world struct {
	*installation
	post     *postOffice
	operator *client
	helpdesk *client
	customer *client
	mspID    string
	orgID    string
}

const (
	operatorEmail = "olga@platform.example.com"
	helpdeskEmail = "hanna@adria.example.com"
	customerEmail = "carlo@rialto.example.com"
	password      = "seven quiet lighthouses 42"
)

// newWorld sets up an installation, using only public interfaces.
func newWorld(t testing.TB) *world {
	t.Helper()
	post := openPostOffice(t)
	return setUp(t, post, install(t, post))
}

// setUp sets up an installation that has no data yet.
func setUp(t testing.TB, post *postOffice, i *installation) *world {
	t.Helper()
	w := &world{installation: i, post: post}
	w.operator = newClient(t, w.installation)
	w.operator.post("/setup", object{
		"token":      w.setupToken(t),
		"email":      operatorEmail,
		"password":   password,
		"first_name": "Olga",
		"last_name":  "Orsini",
	})
	w.operator.post("/login", object{"email": operatorEmail, "password": password})
	w.mspID = text(w.operator.post("/msps", object{"name": "Adria Networks"}).object(t), "id")
	w.helpdesk = w.invited("/msps/"+w.mspID, helpdeskEmail, "helpdesk", "Hanna", "Horvat")
	w.orgID = text(w.operator.post("/msps/"+w.mspID+"/orgs", object{"name": "Rialto Hotels"}).object(t), "id")
	w.customer = w.invited("/orgs/"+w.orgID, customerEmail, "write", "Carlo", "Conti")
	return w
}

// settled waits until no message is left on any queue, after which nothing more happens.
func (w *world) settled() {
	w.t.Helper()
	eventually(w.t, "nothing is left on the queues", func() bool { return len(w.waiting()) == 0 })
}

func (w *world) waiting() map[string]bool { w.t.Helper(); return waiting(w.operator) }

// waiting returns the queues that have messages, as the operator sees them.
func waiting(operator *client) map[string]bool {
	operator.t.Helper()
	names := map[string]bool{}
	for _, queue := range operator.get("/platform/queues").results(operator.t) {
		if queue["waiting"] != 0.0 || queue["in_flight"] != 0.0 || queue["delayed"] != 0.0 {
			names[text(queue, "name")] = true
		}
	}
	return names
}

// invited invites somebody without an account, who accepts by the mailed link and logs in.
func (w *world) invited(scope, email, role, first, last string) *client {
	w.t.Helper()
	token := w.invitation(scope, email, role)
	c := newClient(w.t, w.installation)
	c.post("/invite/verify/"+token, object{"password": password, "first_name": first, "last_name": last})
	c.post("/login", object{"email": email, "password": password})
	return c
}

// invitation invites somebody, and returns the token of the mailed link.
func (w *world) invitation(scope, email, role string) string {
	w.t.Helper()
	known := map[string]bool{}
	for _, one := range w.post.to(email) {
		known[one.read.Text] = true
	}
	w.operator.post(scope+"/invites", object{"email": email, "privileges": []object{{"role": role}}})
	return w.post.await(w.t, email, "the invitation", func(l letter) bool {
		return !known[l.read.Text] && isInvitation(l)
	}).token(w.t)
}
