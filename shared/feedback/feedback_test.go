package feedback_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/feedback"
	"github.com/tenantry/tenantry/shared/identity"
)

func TestOperatorsReadFeedbackByPage(t *testing.T) {
	e := apptest.NewEstate(t)
	service := feedback.New(e.Journal)
	carlo, nina := e.Person(e.Org.Place(), identity.Read), e.Person(e.Org.Place(), identity.Admin)
	for _, given := range []struct {
		by   identity.Principal
		what feedback.Given
	}{
		{carlo, feedback.Given{Page: "cases/open", Helpful: true}},
		{carlo, feedback.Given{Page: "cases/open", Text: "Where are the files?"}},
		{nina, feedback.Given{Page: "cases/open", Text: "Call me.", MayAnswer: true}},
		{nina, feedback.Given{Page: "accounts", Helpful: true, Text: "Thanks"}},
	} {
		if err := service.Give(t.Context(), given.by, given.what); err != nil {
			t.Fatal(err)
		}
		e.Clock.Pass(time.Second)
	}
	first, next, err := service.Pages(t.Context(), e.Operator(), 1, "")
	if err != nil || len(first) != 1 || first[0].Page != "accounts" || first[0].Helpful != 1 || next == "" {
		t.Fatalf("%+v, %q, %v", first, next, err)
	}
	second, next, err := service.Pages(t.Context(), e.Operator(), 1, next)
	if err != nil || len(second) != 1 || second[0].Helpful != 1 || second[0].Unhelpful != 2 ||
		second[0].Latest != e.Clock.Now().Unix()-2 {
		t.Fatalf("%+v, %q, %v", second, next, err)
	}
	entries, _, err := service.Entries(t.Context(), e.Operator(), "cases/open", 10, "")
	if err != nil || len(entries) != 3 {
		t.Fatalf("%+v, %v", entries, err)
	}
	if entries[0].Name != nina.Name() || entries[0].Email != nina.Email || entries[0].Text != "Call me." {
		t.Errorf("the latest is %+v", entries[0])
	}
	for _, entry := range entries[1:] {
		if entry.Name != "" || entry.Email != "" {
			t.Errorf("%+v names somebody who wants no answer", entry)
		}
	}
}

func TestOnlyOperatorsReadFeedback(t *testing.T) {
	e := apptest.NewEstate(t)
	service := feedback.New(e.Journal)
	for _, by := range []identity.Principal{e.SupportAgent(), e.Person(e.MSP.Place(), identity.Admin)} {
		_, _, err := service.Pages(t.Context(), by, 10, "")
		e.Wants(fault.Forbidden, err)
		_, _, err = service.Entries(t.Context(), by, "accounts", 10, "")
		e.Wants(fault.Forbidden, err)
	}
}

func TestAPersonGivesFeedbackTenTimesADay(t *testing.T) {
	e := apptest.NewEstate(t)
	service := feedback.New(e.Journal)
	carlo := e.Person(e.Org.Place(), identity.Read)
	give := func() error { return service.Give(t.Context(), carlo, feedback.Given{Page: "accounts"}) }
	for range 10 {
		if err := give(); err != nil {
			t.Fatal(err)
		}
	}
	e.Wants(fault.Limited, give())
	pages, _, err := service.Pages(t.Context(), e.Operator(), 10, "")
	if err != nil || len(pages) != 1 || pages[0].Unhelpful != 10 {
		t.Errorf("%+v, %v", pages, err)
	}
	other := e.Person(e.Org.Place(), identity.Admin)
	if err := service.Give(t.Context(), other, feedback.Given{Page: "accounts"}); err != nil {
		t.Error(err)
	}
	e.Clock.Pass(24 * time.Hour)
	if err := give(); err != nil {
		t.Error(err)
	}
}

func TestWrongFeedbackIsRefused(t *testing.T) {
	e := apptest.NewEstate(t)
	service := feedback.New(e.Journal)
	carlo := e.Person(e.Org.Place(), identity.Read)
	for name, given := range map[string]feedback.Given{
		"no page":            {},
		"a long page":        {Page: strings.Repeat("a", 101)},
		"an address":         {Page: "https://example.com"},
		"a long text":        {Page: "accounts", Text: strings.Repeat("a", 801)},
		"control characters": {Page: "accounts", Text: "a\x00"},
	} {
		if err := service.Give(t.Context(), carlo, given); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
