//go:build datafolder && !aws

package outside

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// describe records the responses to each reader, including some to what they may not read.
func (f *filling) describe(t *testing.T, i *installation, record *keptFolder) {
	read := func(name, path string) []object {
		got := readOnce(record.reader(t, i, name), path)
		got.Reader = name
		record.Answers = append(record.Answers, got)
		list, _ := got.Body.([]any)
		if whole, ok := got.Body.(object); ok {
			list, _ = whole["results"].([]any)
		}
		var entries []object
		for _, one := range list {
			entries = append(entries, one.(object))
		}
		return entries
	}
	const all = "limit=100"
	operator := record.reader(t, i, "operator")
	msps, orgs := operator.get("/msps").list(t), operator.get("/orgs").list(t)
	for _, msp := range msps {
		orgs = append(orgs, operator.get("/msps/"+text(msp, "id")+"/orgs").list(t)...)
	}
	// The logs come first, and what others may not read last, because refusals are logged.
	const logs = "/logs?duration=1d&limit=20"
	for _, name := range slices.Sorted(maps.Keys(record.Tokens)) {
		read(name, "/self"+logs)
	}
	read("operator", "/platform"+logs)
	for _, msp := range msps {
		read("operator", "/msps/"+text(msp, "id")+logs)
	}
	for _, org := range orgs {
		read("operator", "/orgs/"+text(org, "id")+logs)
	}
	for _, org := range orgs {
		read("admin", "/orgs/"+text(org, "id")+logs)
	}
	for _, name := range slices.Sorted(maps.Keys(record.Tokens)) {
		for _, path := range []string{"/self", "/self/apitokens", "/self/cases", "/msps", "/orgs"} {
			read(name, path)
		}
	}
	for _, path := range []string{
		"/admins", "/answers", "/blocked", "/cases?" + all, "/dead_letters", "/desk", "/quarantine/reasons",
	} {
		read("operator", "/platform"+path)
		read("agent", "/platform"+path)
	}
	for _, one := range read("operator", "/platform/quarantine?limit=2") {
		path := "/platform/quarantine/" + text(one, "id")
		read("operator", path)
		read("operator", path+"/mail")
		read("customer", path)
	}
	for _, msp := range msps {
		f.describeScope(read, "/msps/"+text(msp, "id"), "operator", "helpdesk", "customer", "agent")
	}
	for _, org := range orgs {
		f.describeScope(read, "/orgs/"+text(org, "id"), "operator", "helpdesk", "customer", "admin", "foreigner")
	}
}

// describeScope reads an MSP or an organization.
func (f *filling) describeScope(read func(string, string) []object, scope string, readers ...string) {
	paths := []string{"", "/admins", "/answers", "/desk", "/jobs", "/tickets"}
	for _, query := range []string{
		"limit=5", "list=closed", "list=archived", "list=deleted", "list=all&sort=number", "sort=-severity&limit=4",
		"sort=subject", "search=wi-fi", "search=störung", "severity=1&severity=2", "custom_tag=summer", "state=pending",
		"state=hold", "assignee=none", "component=access+point", "list=all&search=東京&limit=3",
	} {
		paths = append(paths, "/cases?"+strings.NewReplacer("ö", "%C3%B6", "東京", "%E6%9D%B1%E4%BA%AC").Replace(query))
	}
	for _, distinct := range []string{"status", "severity", "type", "component", "agent", "environment"} {
		paths = append(paths, "/cases/count?distinct="+distinct)
	}
	if strings.HasPrefix(scope, "/msps/") {
		paths = append(paths, "/orgs", "/cases/open", "/cases/count?distinct=org")
	}
	seen := map[string]bool{}
	for _, name := range readers {
		for _, path := range paths {
			entries := read(name, scope+path)
			for _, one := range entries {
				key := name + " " + text(one, "id")
				switch {
				case seen[key] || text(one, "id") == "": // an invitation among the administrators has no id
				case path == "/jobs":
					read(name, scope+"/jobs/"+text(one, "id"))
					read(name, scope+"/reports/"+text(one, "id"))
				case path == "/admins":
					read(name, scope+"/admins/"+text(one, "id"))
				case strings.HasPrefix(path, "/cases?") && strings.HasPrefix(scope, "/orgs/"):
					f.describeCase(read, name, scope+"/cases/"+text(one, "id"))
				default:
					continue
				}
				seen[key] = true
			}
		}
	}
}

// describeCase reads a case with its comments, attachments and mails.
func (f *filling) describeCase(read func(string, string) []object, name, path string) {
	read(name, path)
	read(name, path+"/mail")
	for _, comment := range read(name, path+"/comments?limit=2") {
		one := fmt.Sprint(path, "/comments/", text(comment, "id"))
		read(name, one)
		if text(comment, "origin") == "mail" || comment["mail"] != nil || comment["automatic"] != nil {
			read(name, one+"/mail")
			read(name, one+"/html")
		}
		attachments, _ := comment["attachments"].([]any)
		for _, attachment := range attachments {
			read(name, path+"/attachments/"+text(attachment.(object), "id"))
		}
	}
}
