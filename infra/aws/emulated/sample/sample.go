// Package sample fills an installation with the few objects that the sample events of events/ refer
// to: an operator, an MSP with an administrator, an organization, and a case. It uses the API, as
// any client does.
package sample

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"strings"
	"time"

	"github.com/jhillyerd/enmime/v2"
)

// Placeholders in the sample events for values that differ in every installation.
const (
	sampleToken = "tenantry_put-your-own-token-here"
	sampleOrg   = "0198a000-0000-7000-8000-000000000010"
	sampleMSP   = "0198a000-0000-7000-8000-000000000011"
	sampleCase  = "0198a000-0000-7000-8000-000000000012"
)

const (
	operatorEmail = "operator@platform.example.com"
	agentEmail    = "agent@msp.example.com"
	password      = "nine patient herons 73"
)

// patience is how long to wait for a mail.
const patience = 90 * time.Second

// World holds the ids of what was created.
type World struct {
	url string
	// mails are the raw mails that the installation sends.
	mails                     <-chan []byte
	mspID, orgID, caseID      string
	operator, agent           *http.Client
	operatorToken, agentToken string
}

// Make fills an empty installation. mails must deliver the mails that the installation sends.
func Make(ctx context.Context, baseURL, setupToken string, mails <-chan []byte) (*World, error) {
	w := &World{url: baseURL, mails: mails}
	var err error
	if w.operator, err = newClient(); err != nil {
		return nil, err
	}
	if w.agent, err = newClient(); err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context, string) error{w.setUp, w.invite, w.openCase} {
		if err := step(ctx, setupToken); err != nil {
			return nil, fmt.Errorf("fill the installation: %w", err)
		}
	}
	return w, nil
}

// Fit returns a sample event with the ids and the token of the installation. Functions of the
// platform are called by the operator, all others by the MSP's administrator.
func (w *World) Fit(function string, event []byte) []byte {
	token := w.agentToken
	if strings.HasPrefix(function, "platform.") {
		token = w.operatorToken
	}
	ids := strings.NewReplacer(sampleToken, token, sampleOrg, w.orgID, sampleMSP, w.mspID, sampleCase, w.caseID)
	return []byte(ids.Replace(string(event)))
}

type object = map[string]any

func (w *World) setUp(ctx context.Context, setupToken string) error {
	if _, err := w.post(ctx, w.operator, "/setup", object{
		"token": setupToken, "email": operatorEmail, "password": password, "first_name": "Olga", "last_name": "Orsini",
	}); err != nil {
		return err
	}
	var err error
	if w.operatorToken, err = w.logIn(ctx, w.operator, operatorEmail); err != nil {
		return err
	}
	if w.mspID, err = w.make(ctx, w.operator, "/msps", object{"name": "Adria Networks"}); err != nil {
		return err
	}
	w.orgID, err = w.make(ctx, w.operator, "/msps/"+w.mspID+"/orgs", object{"name": "Rialto Hotels"})
	return err
}

// invite creates an administrator of the MSP with the link in the invitation mail.
func (w *World) invite(ctx context.Context, _ string) error {
	if _, err := w.post(ctx, w.operator, "/msps/"+w.mspID+"/invites", object{
		"email": agentEmail, "privileges": []object{{"role": "admin"}},
	}); err != nil {
		return err
	}
	token, err := w.mailedToken(ctx)
	if err != nil {
		return err
	}
	if _, err := w.post(ctx, w.agent, "/invite/verify/"+token, object{
		"password": password, "first_name": "Hanna", "last_name": "Horvat",
	}); err != nil {
		return err
	}
	w.agentToken, err = w.logIn(ctx, w.agent, agentEmail)
	return err
}

func (w *World) openCase(ctx context.Context, _ string) (err error) {
	w.caseID, err = w.make(ctx, w.agent, "/orgs/"+w.orgID+"/cases", object{
		"subject": "The lobby has no Wi-Fi", "description": "Since this morning.",
	})
	return err
}

// logIn logs somebody in and creates an API token.
func (w *World) logIn(ctx context.Context, by *http.Client, email string) (string, error) {
	if _, err := w.post(ctx, by, "/login", object{"email": email, "password": password}); err != nil {
		return "", err
	}
	answer, err := w.post(ctx, by, "/self/apitokens", object{"name": "sample"})
	key, _ := answer["key"].(string)
	if err == nil && key == "" {
		err = fmt.Errorf("the answer has no key: %v", answer)
	}
	return key, err
}

var tokenPattern = regexp.MustCompile(`[?&]token=([A-Za-z0-9_-]+)`)

// mailedToken waits for a mail with a token in a link.
func (w *World) mailedToken(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		select {
		case raw := <-w.mails:
			mail, err := enmime.ReadEnvelope(bytes.NewReader(raw))
			if err != nil {
				return "", err
			}
			if match := tokenPattern.FindStringSubmatch(mail.Text); match != nil {
				return match[1], nil
			}
		case <-ctx.Done():
			return "", fmt.Errorf("no invitation mail arrived: %w", ctx.Err())
		}
	}
}

// make creates an object and returns its id.
func (w *World) make(ctx context.Context, by *http.Client, path string, body object) (string, error) {
	answer, err := w.post(ctx, by, path, body)
	id, _ := answer["id"].(string)
	if err == nil && id == "" {
		err = fmt.Errorf("POST %s: the answer has no id: %v", path, answer)
	}
	return id, err
}

func (w *World) post(ctx context.Context, by *http.Client, path string, body object) (object, error) {
	data, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	target := w.url + "/api/v1" + path
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	for _, cookie := range by.Jar.Cookies(request.URL) {
		if cookie.Name == "csrftoken" {
			request.Header.Set("X-CSRFToken", cookie.Value)
		}
	}
	response, err := by.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }() // only read, so errors do not matter
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("POST %s: %s: %s", path, response.Status, answer)
	}
	var read object
	err = json.Unmarshal(answer, &read)
	return read, err
}

func newClient() (*http.Client, error) {
	jar, err := cookiejar.New(nil)
	return &http.Client{Jar: jar}, err
}
