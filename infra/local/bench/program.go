package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/quotedprintable"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// bench is the program under measurement and what is known of it.
type bench struct {
	folder, binary, url, smtp string
	process                   *exec.Cmd
	client                    *http.Client
	// token is that of the customer; orgID the organization; first the first case.
	token, orgID, first string
}

const (
	password = "seven quiet lighthouses 42"
	customer = "carlo@rialto.example.com"
)

func (b *bench) build(ctx context.Context) error {
	b.binary = filepath.Join(b.folder, "tenantry")
	build := exec.CommandContext(
		ctx,
		"go",
		"build",
		"-trimpath",
		"-ldflags=-s -w",
		"-o",
		b.binary,
		"github.com/tenantry/tenantry/infra/local",
	)
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("the program cannot be built: %w", err)
	}
	for _, address := range []*string{&b.url, &b.smtp} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		*address = listener.Addr().String()
		if err := listener.Close(); err != nil {
			return err
		}
	}
	b.url = "http://" + b.url
	b.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	return nil
}

// start starts the program and waits until it answers.
func (b *bench) start(ctx context.Context) error {
	b.process = exec.CommandContext(ctx, b.binary)
	b.process.Dir = b.folder
	b.process.Env = append(
		os.Environ(),
		"TENANTRY_ADDR="+strings.TrimPrefix(b.url, "http://"),
		"TENANTRY_SMTP_ADDR="+b.smtp,
		"TENANTRY_MAIL_DOMAIN=help.example.com",
		"TENANTRY_CALLS_PER_HOUR=1000000000",
		"TENANTRY_LOG_LEVEL=warn",
		"TENANTRY_DATA="+filepath.Join(b.folder, "data"),
	)
	b.process.Stderr = os.Stderr
	if err := b.process.Start(); err != nil {
		return err
	}
	for range 20_000 {
		if response, err := b.client.Get(b.url + "/healthz"); err == nil {
			_, _ = io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
			return nil
		}
		time.Sleep(time.Millisecond)
	}
	return errors.New("the program does not answer")
}

func (b *bench) stop() error {
	if err := b.process.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	err := b.process.Wait()
	b.process = nil
	return err
}

// renew begins again with an empty data folder.
func (b *bench) renew(ctx context.Context) error {
	if err := b.stop(); err != nil {
		return err
	}
	b.token = ""
	if err := os.RemoveAll(filepath.Join(b.folder, "data")); err != nil {
		return err
	}
	return b.start(ctx)
}

func (b *bench) kill() error {
	if b.process == nil {
		return nil
	}
	return errors.Join(b.process.Process.Kill(), b.process.Wait())
}

type object = map[string]any

// call makes a call and reads the answer into an object.
func (b *bench) call(method, path string, body object, cookies ...*http.Cookie) (object, []*http.Cookie, error) {
	data, err := json.Marshal(body)
	if err != nil {
		return nil, nil, err
	}
	request, err := http.NewRequest(method, b.url+"/api/v1"+path, bytes.NewReader(data))
	if err != nil {
		return nil, nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	for _, cookie := range cookies {
		request.AddCookie(cookie)
		if cookie.Name == "csrftoken" {
			request.Header.Set("X-CSRFToken", cookie.Value)
		}
	}
	if len(cookies) == 0 && b.token != "" {
		request.Header.Set("Authorization", "Token "+b.token)
	}
	response, err := b.client.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, nil, fmt.Errorf("%s %s: %s %s", method, path, response.Status, answer)
	}
	var read object
	if len(answer) > 0 && answer[0] == '{' {
		err = json.Unmarshal(answer, &read)
	}
	return read, response.Cookies(), err
}

// populate sets the installation up: an operator, an MSP with an organization, a customer with a token, and a case.
func (b *bench) populate(context.Context) error {
	token, err := os.ReadFile(filepath.Join(b.folder, "data", "setup-token"))
	if err != nil {
		return err
	}
	if _, _, err := b.call(
		"POST",
		"/setup",
		object{
			"token":      strings.TrimSpace(string(token)),
			"email":      "olga@example.com",
			"password":   password,
			"first_name": "Olga",
			"last_name":  "Orsini",
		},
	); err != nil {
		return err
	}
	_, operator, err := b.call("POST", "/login", object{"email": "olga@example.com", "password": password})
	if err != nil {
		return err
	}
	msp, _, err := b.call("POST", "/msps", object{"name": "Adria Networks"}, operator...)
	if err != nil {
		return err
	}
	org, _, err := b.call("POST", "/msps/"+msp["id"].(string)+"/orgs", object{"name": "Rialto Hotels"}, operator...)
	if err != nil {
		return err
	}
	b.orgID = org["id"].(string)
	if _, _, err := b.call(
		"POST",
		"/orgs/"+b.orgID+"/invites",
		object{"email": customer, "privileges": []object{{"role": "write"}}},
		operator...); err != nil {
		return err
	}
	invitation, err := b.inMail(regexp.MustCompile(`[?&]token=([A-Za-z0-9_-]+)`))
	if err != nil {
		return err
	}
	if _, _, err := b.call(
		"POST",
		"/invite/verify/"+invitation,
		object{"password": password, "first_name": "Carlo", "last_name": "Conti"},
	); err != nil {
		return err
	}
	_, session, err := b.call("POST", "/login", object{"email": customer, "password": password})
	if err != nil {
		return err
	}
	made, _, err := b.call("POST", "/self/apitokens", object{"name": "bench"}, session...)
	if err != nil {
		return err
	}
	b.token = made["key"].(string)
	first, err := b.create()
	if err != nil {
		return err
	}
	b.first = first
	return nil
}

// addressFor finds the address for answers to a case, in the receipt for it.
func (b *bench) addressFor(caseID string) (string, error) {
	return b.inMail(regexp.MustCompile(`(?s)(reply\+[a-z0-9]+@help\.example\.com).*` + caseID))
}

// inMail waits for a mail in the outbox that has a text, and gives it.
func (b *bench) inMail(pattern *regexp.Regexp) (string, error) {
	for range 500 {
		files, err := filepath.Glob(filepath.Join(b.folder, "data", "outbox", "*.eml"))
		if err != nil {
			return "", err
		}
		for _, file := range files {
			raw, err := os.ReadFile(file)
			if err != nil {
				return "", err
			}
			text, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(raw)))
			if err != nil {
				text = raw
			}
			if match := pattern.FindSubmatch(text); match != nil {
				return string(match[1]), nil
			}
			if match := pattern.FindSubmatch(bytes.ReplaceAll(raw, []byte("\r\n "), nil)); match != nil {
				return string(match[1]), nil
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	return "", fmt.Errorf("no mail has %s", pattern)
}

// create opens a case and gives its id.
func (b *bench) create() (string, error) {
	made, _, err := b.call("POST", "/orgs/"+b.orgID+"/cases", object{
		"subject":     "The lobby has no Wi-Fi",
		"description": strings.Repeat("Since this morning all access points blink red. ", 10),
		"severity":    2,
		"component":   "access point",
		"environment": "all",
	})
	if err != nil {
		return "", err
	}
	return made["id"].(string), nil
}
