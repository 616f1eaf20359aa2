package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/jhillyerd/enmime/v2"
)

const password = "seven quiet lighthouses 42"

// populate sets up the installation: an operator, an MSP with an organization, a customer with a
// token, and a case.
func (b *bench) populate(ctx context.Context) error {
	token, err := os.ReadFile(filepath.Join(b.folder, "data", "setup-token"))
	if err != nil {
		return err
	}
	_, _, err = b.stranger("POST", "/setup", object{"token": strings.TrimSpace(string(token)),
		"email": "olga@example.com", "password": password, "first_name": "Olga", "last_name": "Orsini"})
	if err != nil {
		return err
	}
	_, b.operator, err = b.stranger("POST", "/login", object{"email": "olga@example.com", "password": password})
	if err != nil {
		return err
	}
	msp, _, err := b.call("POST", "/msps", object{"name": "Adria Networks"}, b.operator...)
	if err != nil {
		return err
	}
	org, _, err := b.call("POST", "/msps/"+msp["id"].(string)+"/orgs", object{"name": "Rialto Hotels"}, b.operator...)
	if err != nil {
		return err
	}
	b.orgID = org["id"].(string)
	if err := b.staffDesk(ctx, msp["id"].(string)); err != nil {
		return err
	}
	customers, err := b.invite(ctx, "/orgs/"+b.orgID, "write", 1)
	if err != nil {
		return err
	}
	created, _, err := b.call("POST", "/self/apitokens", object{"name": "bench"}, customers[0].session...)
	if err != nil {
		return err
	}
	b.token = created["key"].(string)
	b.first, err = b.create(nil)
	return err
}

// staffDesk puts an agent on the MSP's desk, who is notified of what customers do.
func (b *bench) staffDesk(ctx context.Context, mspID string) error {
	agents, err := b.invite(ctx, "/msps/"+mspID, "helpdesk", 1)
	if err != nil {
		return err
	}
	self, _, err := b.call("GET", "/self", nil, agents[0].session...)
	if err != nil {
		return err
	}
	_, _, err = b.call("PUT", "/msps/"+mspID+"/desk", object{"desk_ids": []any{self["admin_id"]}}, b.operator...)
	return err
}

// person is somebody with an account.
type person struct {
	email   string
	session []*http.Cookie
}

var invitation = regexp.MustCompile(`/invite\?token=([A-Za-z0-9_-]+)`)

// invite invites people to a scope, who accept and log in.
func (b *bench) invite(ctx context.Context, scope, role string, count int) ([]person, error) {
	people := make([]person, count)
	for i := range people {
		b.people++
		people[i].email = fmt.Sprintf("%s%d@rialto.example.com", role, b.people)
		if _, _, err := b.call("POST", scope+"/invites",
			object{"email": people[i].email, "privileges": []object{{"role": role}}}, b.operator...); err != nil {
			return nil, err
		}
	}
	tokens := map[string]string{}
	err := b.awaitMails(ctx, "invitations", count, func(mail *enmime.Envelope) int {
		if match := invitation.FindStringSubmatch(mail.Text); match != nil {
			for _, to := range people {
				if strings.Contains(mail.GetHeader("To"), "<"+to.email+">") {
					tokens[to.email] = match[1]
				}
			}
		}
		return len(tokens)
	})
	for i := range people {
		if err == nil {
			_, _, err = b.stranger("POST", "/invite/verify/"+tokens[people[i].email],
				object{"password": password, "first_name": "Carlo", "last_name": "Conti"})
		}
		if err == nil {
			_, people[i].session, err = b.stranger("POST", "/login",
				object{"email": people[i].email, "password": password})
		}
	}
	return people, err
}

// awaitMails passes each mail of the outbox once to a function that returns how many of the
// expected ones it has.
func (b *bench) awaitMails(ctx context.Context, what string, count int, look func(*enmime.Envelope) int) error {
	seen, there := map[string]bool{}, 0
	return b.await(ctx, 20*time.Millisecond, func() (bool, string, error) {
		files, err := filepath.Glob(filepath.Join(b.folder, "data", "outbox", "*.eml"))
		if err != nil {
			return false, "", err
		}
		for _, file := range files {
			if seen[file] {
				continue
			}
			raw, err := os.ReadFile(file)
			if err != nil {
				return false, "", err
			}
			seen[file] = true
			mail, err := enmime.ReadEnvelope(bytes.NewReader(raw))
			if err != nil {
				return false, "", err
			}
			there = look(mail)
		}
		return there >= count, fmt.Sprintf("%d %s in the outbox; there are %d", count, what, there), nil
	})
}

// create opens a case, in somebody's name or the customer's, and returns its id.
func (b *bench) create(by []*http.Cookie) (string, error) {
	created, _, err := b.call("POST", "/orgs/"+b.orgID+"/cases", object{
		"subject":     "The lobby has no Wi-Fi",
		"description": strings.Repeat("Since this morning all access points blink red. ", 10),
		"severity":    2,
		"component":   "access point",
		"environment": "all",
	}, by...)
	if err != nil {
		return "", err
	}
	return created["id"].(string), nil
}
