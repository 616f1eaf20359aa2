package support_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/budget"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

// strangers returns addresses of a domain.
func strangers(domain string, from, to int) []string {
	var all []string
	for i := from; i < to; i++ {
		all = append(all, fmt.Sprintf("stranger%d@%s", i, domain))
	}
	return all
}

func TestCustomersOfAPublicMailDomainCopyFewStrangersADay(t *testing.T) {
	w := supporttest.NewWorld(t)
	limits := budget.Usual()
	limits.PublicCopies, limits.PublicDomains = 3, []string{"city.example"}
	w.Within(limits)
	for _, domain := range []string{"gmail.com", "city.example"} {
		gina := w.Invited(w.Org.Place(), identity.Write, "gina@"+domain, "Gina", "Gallo")
		create := func(cc []string) (support.Case, error) {
			request := supporttest.Request("No Wi-Fi")
			request.CC = cc
			return w.Cases.Create(t.Context(), gina, w.Org.ID, request)
		}
		c, err := create(strangers(domain, 0, 2))
		w.Must(err)
		_, err = create(strangers(domain, 2, 4))
		refused, _ := err.(*fault.Error)
		if w.Wants(fault.Limited, err); !errors.Is(err, support.ErrCopies) || refused == nil || refused.RetryAfter <= 0 {
			t.Errorf("%v", err)
		}
		more := strangers(domain, 0, 4)
		_, err = w.Cases.Change(t.Context(), gina, c.OrgID, c.ID, support.CaseChange{CC: &more})
		w.Wants(fault.Limited, err)
		one := strangers(domain, 0, 3)
		_, err = w.Cases.Change(t.Context(), gina, c.OrgID, c.ID, support.CaseChange{CC: &one})
		w.Must(err)
		_, err = w.Cases.Change(t.Context(), w.Agent, c.OrgID, c.ID, support.CaseChange{CC: &more})
		w.Must(err) // agents may
		w.Clock.Pass(24 * time.Hour)
	}
	request := supporttest.Request("Colleagues")
	request.CC = strangers("rialto.example.net", 0, 10)
	_, err := w.Cases.Create(t.Context(), w.Customer, w.Org.ID, request)
	w.Must(err)
}

func TestAMailThatCopiesTooManyStrangersOpensItsCaseWithoutThem(t *testing.T) {
	w := supporttest.NewWorld(t)
	limits := budget.Usual()
	limits.PublicCopies = 3
	w.Within(limits)
	gina := w.Invited(w.Org.Place(), identity.Write, "gina@gmail.com", "Gina", "Gallo")
	for i, want := range []int{2, 0} {
		mail := w.Mail(fmt.Sprint("m-", i), gina.Email, supporttest.SupportAddress)
		mail.Text = fmt.Sprint("Text ", i)
		mail.Others = strangers("gmail.com", 2*i, 2*i+2)
		outcome := w.Receive(mail)
		if outcome.Kind != "case" {
			t.Fatalf("%+v", outcome)
		}
		if again := w.Receive(mail); again.Kind != "duplicate" {
			t.Errorf("the second time: %+v", again)
		}
		detail := w.Detail(w.Agent, support.Case{OrgID: w.Org.ID, ID: outcome.CaseID})
		if len(detail.CC) != want || strings.Contains(detail.Description, "stranger3@gmail.com") != (want == 0) {
			t.Errorf("mail %d: copied are %+v, the text is %q", i, detail.CC, detail.Description)
		}
	}
}
