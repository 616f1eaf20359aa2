package pages_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/support"
)

func TestAnActionIsForAllCasesThatMatchOnAllPages(t *testing.T) {
	s := newSite(t)
	cases := []support.Case{s.kase}
	for range 6 {
		cases = append(cases, s.open(s.customer, "No Wi-Fi in a room", "Since noon."))
	}
	other := s.open(s.customer, "The printer is on fire", "Help.")
	s.index(append(cases, other)...)
	customer := s.as(s.customer)
	list := "/orgs/" + s.Org.ID + "/cases"
	query := "?search=Wi-Fi"
	page := customer.get(list+query).wants(http.StatusOK, "All that match, on all pages")
	asked := page.submit(list+"/bulk"+query, fields{"action": "close", "id": s.Org.ID + ":" + s.kase.ID, "all": "true"}).
		wants(http.StatusOK, "Close 7 cases?", "All cases of the list that you come from are meant")
	late := s.open(s.customer, "No Wi-Fi in the lift", "Since noon.")
	s.index(late)
	asked.submit(list+"/bulk/start"+query, nil).
		wants(http.StatusConflict, "The filter matches 8 cases by now, and not 7. Nothing was changed")
	again := page.submit(list+"/bulk"+query, fields{"action": "close", "all": "true"}).wants(http.StatusOK, "Close 8 cases?")
	job := again.submit(list+"/bulk/start"+query, nil)
	path := job.header.Get("Location")
	s.runJob(path[strings.LastIndexByte(path, '/')+1:])
	customer.get(path).wants(http.StatusOK, "8 of 8")
	s.index(append(cases, late)...)
	customer.get(list+"?severity=3").wants(http.StatusOK, "One case")
	customer.get(list).wants(http.StatusOK, "The printer is on fire")
}

func TestAnActionForAllNeedsCasesThatMatch(t *testing.T) {
	s := newSite(t)
	s.index(s.kase)
	customer := s.as(s.customer)
	list := "/orgs/" + s.Org.ID + "/cases"
	if text := customer.get(list).text(); strings.Contains(text, "on all pages") {
		t.Error("a list of one page offers all pages")
	}
	form := contents(customer.get(list).form(list + "/bulk"))
	form.Set("action", "close")
	form.Set("all", "true")
	customer.post(list+"/bulk?search=printer", form).follow().wants(http.StatusOK, "Tick the cases first")
	customer.post(list+"/bulk?severity=9", form).follow().wants(http.StatusOK, "Severity must be one of")
	form = contents(customer.get(list).form(list + "/bulk"))
	form.Set("action", "close")
	form.Set("all", "true")
	customer.post(list+"/bulk/start?search=printer", form).
		wants(http.StatusBadRequest, "Filter matches no case that you see")
}
