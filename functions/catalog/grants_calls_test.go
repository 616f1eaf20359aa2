package catalog_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/tenant"
)

// byToken is a call with an unused token.
func byToken(i *installation, want int, method, path string, body object) []whole {
	i.fresh("operator")
	request := plain(i, method, path, body)
	request.Header.Set("Authorization", "Token "+i.tokens["fresh"])
	return []whole{{"by a token", want, request}}
}

// raised gives somebody the highest role of a place.
func raised(i *installation, path func(*installation) string, to string) []whole {
	request := plain(i, "PUT", path(i), role(to)(i))
	request.Header.Set("Authorization", "Token "+i.tokens["operator"])
	return []whole{{"raised", 200, request}}
}

// whole is a call of an endpoint whose line in the walk is not carried out there.
type whole struct {
	what    string
	want    int
	request *http.Request
}

// wholes returns the calls that the walk does not carry out.
func wholes(store *overtaken) map[string]func(*installation) []whole {
	ctx := context.Background()
	token := func(i *installation) string {
		created, _, err := i.Accounts.CreateToken(ctx, i.people["operator"], identity.NewToken{Password: password, Name: "short-lived"})
		check(i.t, err)
		return created.ID
	}
	recovery := func(i *installation) string {
		person := i.invite("recovering "+unique(i), i.org.Place(), identity.Read) // a recovery ends the person's tokens
		check(i.t, i.Accounts.Recover(ctx, person.Email, "192.0.2.1"))
		_, link, err := i.Accounts.StartRecovery(ctx, i.Journal.NewID(), person.Email)
		check(i.t, err)
		return link
	}
	invite := func(i *installation) string {
		created, err := i.Accounts.CreateInvite(ctx, i.people["operator"], i.org.Place(),
			identity.NewInvite{Email: unique(i) + "@example.com", Role: identity.Read})
		check(i.t, err)
		return i.Accounts.InviteToken(i.org.Place(), created)
	}
	again := func(i *installation) string {
		created, err := i.Accounts.CreateInvite(ctx, i.people["msp admin"], i.org.Place(),
			identity.NewInvite{Email: "operator@example.com", Role: identity.Read})
		check(i.t, err)
		return i.Accounts.InviteToken(i.org.Place(), created)
	}
	return map[string]func(*installation) []whole{
		"accounts.setup": func(i *installation) []whole {
			i.forget(table.Key{Partition: "PLATFORM", Sort: "SETUP"})
			token, err := i.Accounts.PrepareSetup(ctx, "")
			check(i.t, err)
			return []whole{{"setup", 200, plain(i, "POST", "/setup", object{
				"token":      token,
				"email":      "second@example.com",
				"password":   password,
				"first_name": "A",
				"last_name":  "B",
			})}}
		},
		"orgs.change": func(i *installation) []whole {
			label := func() []string { id := newLabel(i); return []string{id[strings.LastIndex(id, "/")+1:]} }
			return append(byToken(i, 200, "PUT", "/orgs/"+i.org.ID, object{"orggroup_ids": label()}),
				byToken(i, 200, "PUT", "/orgs/"+i.org.ID, object{"orggroup_ids": label()})...)
		},
		"orgs.change_setting": func(i *installation) []whole {
			for _, kind := range identity.ConsentKinds() { // so that only the networks keep it in a list of its MSP
				for _, grantee := range identity.Grantees() {
					_, err := i.Tenants.ChangeConsent(ctx, i.people["org admin"], i.org.ID,
						tenant.Decision{Kind: kind, Grantee: grantee, Granted: true})
					check(i.t, err)
				}
			}
			path := "/orgs/" + i.org.ID + "/setting"
			calls := byToken(i, 200, "PUT", path, object{"api_policy": object{"src_ips": []string{"0.0.0.0/0", "::/0"}}})
			calls = append(calls, byToken(i, 200, "PUT", path, object{"api_policy": nil, "tags": []string{"x"}})...)
			for _, allow := range []bool{false, true} {
				calls = append(calls, whole{"the consent", 200, i.sessionOf("org admin", "PUT", path, object{"allow_mist": allow})})
			}
			return calls
		},
		"msps.change_org": func(i *installation) []whole {
			label := func() []string { id := newLabel(i); return []string{id[strings.LastIndex(id, "/")+1:]} }
			return append(byToken(i, 200, "PUT", orgOfMSP(i), object{"orggroup_ids": label()}),
				byToken(i, 200, "PUT", orgOfMSP(i), object{"orggroup_ids": label()})...)
		},
		"orgs.create": func(i *installation) []whole {
			key := table.Key{Partition: "PLATFORM", Sort: "COUNT#ORG"}
			if count, err := i.Store.Get(ctx, key); err == nil {
				check(i.t, i.Store.Transact(ctx, []table.Write{table.Delete(key, count.Version)}))
			}
			return []whole{{"the first one in a list of a former version, without a counter", 200,
				i.post("operator", "/orgs", object{"name": "First " + unique(i)})}}
		},
		"msps.create": func(i *installation) []whole {
			i.forget(table.Key{Partition: "PLATFORM", Sort: "COUNT#MSP"}) // as in a former version
			return byToken(i, 200, "POST", "/msps", object{"name": "Name " + unique(i)})
		},
		"orgs.clone": func(i *installation) []whole {
			i.forget(table.Key{Partition: "MSP#" + i.msp.ID, Sort: "COUNT#ORG"})
			return byToken(i, 200, "POST", "/orgs/"+i.org.ID+"/clone", object{"name": "Name " + unique(i)})
		},
		"platform.verify_orgs": func(i *installation) []whole {
			_, err := i.Tenants.ListedBy(nil).ChangeOrg(ctx, i.people["operator"], i.org.ID,
				tenant.OrgChange{SessionExpiry: new(61)})
			check(i.t, err)
			return byToken(i, 200, "POST", "/platform/verification/orgs", object{"mend": true})
		},
		"msps.create_org": func(i *installation) []whole {
			i.forget(table.Key{Partition: "MSP#" + i.msp.ID, Sort: "COUNT#ORG"})
			id := newLabel(i)
			body := object{"name": "Name " + unique(i), "orggroup_ids": []string{id[strings.LastIndex(id, "/")+1:]}}
			return byToken(i, 200, "POST", "/msps/"+i.msp.ID+"/orgs", body)
		},
		"accounts.login": func(i *installation) []whole {
			return []whole{
				{
					"a failure",
					400,
					plain(i, "POST", "/login", object{"email": "operator@example.com", "password": "wrong"}),
				},
				{
					"log-in after a failure",
					200,
					plain(i, "POST", "/login", object{"email": "operator@example.com", "password": password}),
				},
				{
					"log-in",
					200,
					plain(i, "POST", "/login", object{"email": "operator@example.com", "password": password}),
				},
				{
					"log-in over a session",
					200,
					i.session("POST", "/login", object{"email": "operator@example.com", "password": password}),
				},
			}
		},
		"accounts.logout": func(i *installation) []whole {
			return append(byToken(i, 400, "POST", "/logout", nil),
				whole{"log-out", 200, i.session("POST", "/logout", nil)})
		},
		"accounts.delete_session": func(i *installation) []whole {
			session, _, err := i.Accounts.Login(ctx, "operator@example.com", password, "192.0.2.1")
			check(i.t, err)
			by, err := i.Accounts.BySession(ctx, session.Cookie, "192.0.2.1")
			check(i.t, err)
			return append(byToken(i, 404, "DELETE", "/self/sessions/"+unknownID, nil),
				whole{"a session", 200, i.session("DELETE", "/self/sessions/"+by.SessionID, nil)})
		},
		"accounts.delete_sessions": func(i *installation) []whole {
			return append(byToken(i, 403, "DELETE", "/self/sessions", nil),
				whole{"the others", 200, i.session("DELETE", "/self/sessions", nil)})
		},
		"accounts.step_up": func(i *installation) []whole {
			return append(byToken(i, 400, "POST", "/login/step_up", object{"password": password}),
				whole{"step-up", 200, i.session("POST", "/login/step_up", object{"password": password})})
		},
		"accounts.change_self": func(i *installation) []whole {
			i.invite("changing", i.org.Place(), identity.Read) // a new password ends the person's tokens
			return []whole{{"a new password", 200, i.sessionOf("changing", "PUT", "/self",
				object{"password": password + "!", "current_password": password})}}
		},
		"accounts.get_login": func(i *installation) []whole {
			return []whole{{"a question", 200, plain(i, "POST", "/login/lookup", object{"email": "nobody@example.com"})}}
		},
		"accounts.recover": func(i *installation) []whole {
			return []whole{{"recovery", 200, plain(i, "POST", "/recover", object{"email": "org.write@example.com"})}}
		},
		"accounts.finish_recovery": func(i *installation) []whole {
			return []whole{
				{"recovery", 200, plain(i, "POST", "/recover/verify/"+recovery(i), object{"password": password + "!"})},
				{"over a session", 200, i.session("POST", "/recover/verify/"+recovery(i), object{"password": password + "?"})},
			}
		},
		"accounts.create_token": func(i *installation) []whole {
			return append(byToken(i, 403, "POST", "/self/apitokens", object{"name": "mine"}),
				whole{"a token", 200, i.session("POST", "/self/apitokens", object{"name": "mine"})})
		},
		"accounts.delete_token": func(i *installation) []whole {
			return append(byToken(i, 200, "DELETE", "/self/apitokens/"+token(i), nil),
				whole{"a token", 200, i.session("DELETE", "/self/apitokens/"+token(i), nil)})
		},
		"accounts.accept_invite": func(i *installation) []whole {
			return []whole{
				{
					"a new person",
					200,
					plain(i, "POST", "/invite/verify/"+invite(i),
						object{"password": password, "first_name": "A", "last_name": "B"}),
				},
				{"a known person", 200, i.session("POST", "/invite/verify/"+again(i), object{})},
				byToken(i, 404, "POST", "/invite/verify/none", object{})[0],
			}
		},
		"orgs.change_consent": func(i *installation) []whole {
			path := "/orgs/" + i.org.ID + "/consents/support_access/msp"
			calls := append(byToken(i, 403, "PUT", path, object{"granted": true}),
				whole{"withdrawn", 200, i.sessionOf("org admin", "PUT", path, object{"granted": false})})
			for _, kind := range identity.ConsentKinds() {
				for _, grantee := range identity.Grantees() {
					path := fmt.Sprintf("/orgs/%s/consents/%s/%s", i.org.ID, kind, grantee)
					calls = append(calls, whole{"given", 200, i.sessionOf("org admin", "PUT", path, object{"granted": true})})
				}
			}
			return calls
		},
		"administrators.change_platform": func(i *installation) []whole {
			return raised(i, stranger(platform, "/platform"), "operator")
		},
		"administrators.change_msp": func(i *installation) []whole {
			id := func() string { path := newLabel(i); return path[strings.LastIndex(path, "/")+1:] }
			first, second := id(), id()
			invite, err := i.Accounts.CreateInvite(ctx, i.people["operator"], i.msp.Place(), identity.NewInvite{
				Email: unique(i) + "@example.com",
				Below: []identity.Privilege{{Scope: identity.LabelScope, Role: identity.Read, LabelID: first}},
			})
			check(i.t, err)
			person, err := i.Accounts.AcceptInvite(ctx, nil, i.Accounts.InviteToken(i.msp.Place(), invite),
				identity.Acceptance{Password: password, FirstName: "A", LastName: "B"}, "192.0.2.1")
			check(i.t, err)
			return append(raised(i, stranger(msp, "/msps/{}"), "admin"), whole{"another label", 200, i.sessionOf("operator", "PUT",
				"/msps/"+i.msp.ID+"/admins/"+person.ID, object{"privileges": []object{
					{"scope": "orggroup", "role": "read", "orggroup_ids": []string{second}},
				}})})
		},
		"administrators.change_org": func(i *installation) []whole {
			return raised(i, stranger(org, "/orgs/{}"), "admin")
		},
		"cases.comment": func(i *installation) []whole {
			return []whole{
				{"with a file", 200, i.form("/comments", map[string]string{"comment": "Hello."}, "a.txt")},
				{
					"with a file and a wrong word",
					400,
					i.form("/comments", map[string]string{"comment": " ", "internal": "perhaps"}, "a.txt"),
				},
				i.inTurn("POST", ofCase("/comments")(i), object{"comment": "Done.", "status": "solved"})[0],
				i.inTurn("POST", ofCase("/comments")(i), object{"comment": "No."})[0],
			}
		},
		"cases.attach": func(i *installation) []whole {
			return []whole{{"two files", 400, i.form("/attachments", nil, "a.txt", "b.txt")}}
		},
		"desk.change_msp": func(i *installation) []whole {
			return byToken(i, 400, "PUT", "/msps/"+i.msp.ID+"/desk",
				object{"types": []object{{"value": "bug"}}}) // cases are issues
		},
		"desk.change_platform": func(i *installation) []whole {
			direct, err := i.Tenants.CreateOrg(ctx, i.people["operator"], "", "Murano Glass", true)
			check(i.t, err)
			created, err := i.Cases.Create(ctx, i.people["support"], direct.ID,
				support.NewCase{Fields: desk.Fields{Subject: "No Wi-Fi"}, Description: "Since this morning."})
			check(i.t, err)
			check(
				i.t,
				i.Lists.IndexCase(ctx,
					lists.IndexTask{Reference: support.Reference{OrgID: direct.ID, CaseID: created.ID}}),
			)
			return byToken(i, 400, "PUT", "/platform/desk", object{"types": []object{{"value": "bug"}}})
		},
		"cases.list": func(i *installation) []whole {
			cases := "/orgs/" + i.org.ID + "/cases"
			return []whole{
				{"a search", 200, i.get("org read", cases+"?search=wi-fi&type=issue")},
				{"a wrong value", 400, i.get("org read", cases+"?type=ISSUE")},
			}
		},
		"msps.list_cases": func(i *installation) []whole {
			cases := "/msps/" + i.msp.ID + "/cases"
			return []whole{
				{"a search", 200, i.get("msp read", cases+"?search=wi-fi&type=issue")},
				{"a wrong value", 400, i.get("msp read", cases+"?type=ISSUE")},
			}
		},
		"platform.list_cases": func(i *installation) []whole {
			return []whole{
				{"a search", 200, i.get("support", "/platform/cases?search=wi-fi")},
				{"a wrong value", 400, i.get("support", "/platform/cases?type=ISSUE")},
			}
		},
		"cases.change_many": func(i *installation) []whole {
			return matchingCalls(i, "org write", "/orgs/"+i.org.ID, true)
		},
		"msps.change_cases": func(i *installation) []whole {
			return matchingCalls(i, "msp write", "/msps/"+i.msp.ID, true)
		},
		"platform.change_cases": func(i *installation) []whole { return matchingCalls(i, "support", "/platform", false) },
		"cases.count_matching": func(i *installation) []whole {
			return []whole{{"a wrong value", 400, i.get("org write", "/orgs/"+i.org.ID+"/cases/bulk?action=close&type=ISSUE")}}
		},
		"msps.count_matching_cases": func(i *installation) []whole {
			return []whole{{"a wrong value", 400, i.get("msp write", "/msps/"+i.msp.ID+"/cases/bulk?action=close&type=ISSUE")}}
		},
		"platform.count_matching_cases": func(i *installation) []whole {
			return []whole{
				{"a wrong value", 400, i.get("support", "/platform/cases/bulk?action=close&type=ISSUE")},
				{"a search", 200, i.get("support", "/platform/cases/bulk?action=close&search=wi-fi")},
			}
		},
		"reports.create_org": func(i *installation) []whole {
			return []whole{{"a wrong value", 400,
				i.post("org read", "/orgs/"+i.org.ID+"/reports", object{"type": []string{"ISSUE"}})}}
		},
		"reports.create_msp": func(i *installation) []whole {
			return []whole{{"a wrong value", 400,
				i.post("msp read", "/msps/"+i.msp.ID+"/reports", object{"type": []string{"ISSUE"}})}}
		},
		"reports.create_platform": func(i *installation) []whole {
			return []whole{{"a wrong value", 400, i.post("support", "/platform/reports", object{"type": []string{"ISSUE"}})}}
		},
		"tickets.count": func(i *installation) []whole {
			return []whole{{"a wrong value", 400, i.get("org read", "/orgs/"+i.org.ID+"/tickets/count?type=ISSUE")}}
		},
		"tickets.count_msp": func(i *installation) []whole {
			return []whole{{"a wrong value", 400, i.get("msp read", "/msps/"+i.msp.ID+"/tickets/count?type=ISSUE")}}
		},
		"bastion.receive_org": func(i *installation) []whole {
			return []whole{{"a copy", 200, i.fromPeer("PUT", i.org.ID, peerNumber(i), peerBody(i))}}
		},
		"bastion.remove_org": func(i *installation) []whole {
			i.handler.ServeHTTP(httptest.NewRecorder(), i.fromPeer("PUT", i.org.ID, peerNumber(i), peerBody(i)))
			return []whole{{"a deletion", 200, i.fromPeer("DELETE", i.org.ID, peerNumber(i), nil)}}
		},
		"bastion.unstage": func(i *installation) []whole {
			request := plain(i, "DELETE", renamedAtBastion(i), nil)
			request.Header.Set("Authorization", "Token "+i.tokens["operator"])
			return []whole{{"one with another name", 200, request}}
		},
		"bastion.change": func(i *installation) []whole {
			asProduction(i)
			off := plain(i, "PUT", "/platform/bastion", object{"enabled": false})
			off.Header.Set("Authorization", "Token "+i.tokens["operator"])
			i.unstageAll()
			return []whole{{"off", 200, off}}
		},
		"cases.rate": func(i *installation) []whole {
			return []whole{
				{"an answer", 200, plain(i, "POST", "/satisfaction", object{"token": i.rating(), "score": 5})},
			}
		},
		"cases.unwatch": func(i *installation) []whole {
			return []whole{{"a watcher", 200, plain(i, "POST", "/unwatch", object{"token": i.watching()})}}
		},
		"tickets.change": func(i *installation) []whole {
			return i.inTurn("PUT", ofTicket("")(i), object{"status": "solved"}, object{"status": "open"})
		},
		"tickets.comment": func(i *installation) []whole {
			return []whole{
				i.inTurn("POST", ofTicket("/comments")(i), object{"comment": "Done.", "status": "solved"})[0],
				i.inTurn("POST", ofTicket("/comments")(i), object{"comment": "No."})[0],
				{"with a file", 200, i.ticketForm("/comments", map[string]string{"comment": `"Hello."`}, "a.txt")},
				{"with a file alone", 200, i.ticketForm("/comments", nil, "a.txt")},
				{"with a file and a wrong text", 400, i.ticketForm("/comments", map[string]string{"comment": "\a"}, "a.txt")},
			}
		},
		"tickets.attach": func(i *installation) []whole {
			return []whole{{"two files", 400, i.ticketForm("/attachments", nil, "a.txt", "b.txt")}}
		},
		"cases.change": func(i *installation) []whole {
			// The domain of the people here is a public one, so that those in copy are counted.
			request := plain(i, "PUT", ofCase("")(i), object{"cc": []string{unique(i) + "@example.com"}})
			request.Header.Set("Authorization", "Token "+i.tokens["org write"])
			return append([]whole{{"with somebody in copy", 200, request}},
				i.inTurn("PUT", ofCase("")(i), object{"status": "solved"}, object{"status": "open"})...)
		},
		"platform.verify": func(i *installation) []whole {
			i.spoilLine()
			request := plain(i, "POST", "/platform/verification", object{"mend": true})
			request.Header.Set("Authorization", "Token "+i.tokens["operator"])
			return []whole{{"a line that differs", 200, request}}
		},
		"cases.finish_upload": func(i *installation) []whole {
			i.fresh("org write")
			finish := func(token string) *http.Request {
				request := plain(i, "POST", ofCase("/uploads/finish")(i), object{"upload_token": token})
				request.Header.Set("Authorization", "Token "+i.tokens["fresh"])
				return request
			}
			by := i.people["org write"]
			created, err := i.Uploads.AnnounceUpload(ctx, by, i.org.ID, i.kase.ID, "a.txt", "text/plain", 100)
			check(i.t, err)
			_, err = i.Files.Put(ctx, created.BlobKey, strings.NewReader("content"), 100)
			check(i.t, err)
			raced, err := i.Uploads.AnnounceUpload(ctx, by, i.org.ID, i.kase.ID, "c.txt", "text/plain", 100)
			check(i.t, err)
			_, err = i.Files.Put(ctx, raced.BlobKey, strings.NewReader("content"), 100)
			check(i.t, err)
			overtake := func() {
				_, err := i.Uploads.FinishUpload(ctx, by, i.org.ID, i.kase.ID, raced.Token)
				check(i.t, err)
			}
			missing, err := i.Uploads.AnnounceUpload(ctx, by, i.org.ID, i.kase.ID, "b.txt", "text/plain", 100)
			check(i.t, err)
			reader := plain(i, "POST", ofCase("/uploads/finish")(i), object{"upload_token": created.Token})
			reader.Header.Set("Authorization", "Token "+i.tokens["org helpdesk"])
			return []whole{
				{
					"a file",
					200,
					finish(created.Token),
				},
				{"the same again", 200, finish(created.Token)},
				{"one that has not come", 400, finish(missing.Token)},
				{
					"another's",
					404,
					reader,
				},
				{"one that another call finishes first", 200, store.before(finish(raced.Token), overtake)},
			}
		},
		"downloads.receive": func(i *installation) []whole {
			upload := func(files ...string) *http.Request {
				url, _, err := i.FileLinks().UploadForm(ctx, "uploads/"+unique(i), "text/plain", 100, time.Minute)
				check(i.t, err)
				return i.formTo(url, nil, files...)
			}
			return []whole{
				{"a file", 200, upload("a.txt")},
				{"two files", 400, upload("a.txt", "b.txt")},
				{"none", 400, upload()},
			}
		},
		"downloads.get": func(i *installation) []whole {
			_, err := i.Files.Put(ctx, "mail/1", strings.NewReader("Subject: hello\r\n\r\nhello\r\n"), 100)
			check(i.t, err)
			link, err := i.FileLinks().Link(ctx, "mail/1", "1.eml", "message/rfc822", time.Minute)
			check(i.t, err)
			return []whole{
				{"a file", 200, plain(i, "GET", download(i), nil)},
				{"a mail", 200, httptest.NewRequest("GET", link, nil)},
			}
		},
	}
}

// matchingCalls change the cases at a path that match a filter: those that there are, if any is set, and
// none.
func matchingCalls(i *installation, who, path string, any bool) []whole {
	asked := func(filter object) object { return object{"action": "tag", "value": "winter", "filter": filter} }
	status := 400
	if any {
		status = 200
	}
	return []whole{
		{"a search", status, i.post(who, path+"/cases/bulk", asked(object{"search": "wi-fi", "type": []string{"issue"}}))},
		{"a wrong value", 400, i.post(who, path+"/cases/bulk", asked(object{"type": []string{"ISSUE"}}))},
	}
}
