package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/tenantry/tenantry/infra/aws/emulated/cloud"
	"github.com/tenantry/tenantry/infra/aws/emulated/mailroom"
	"github.com/tenantry/tenantry/infra/aws/emulated/sample"
	"github.com/tenantry/tenantry/infra/aws/settings"
)

// invocation is a call of a function requested on the command line.
type invocation struct {
	// function is its name in the catalog; "" for no call.
	function string
	// file holds the event; "" for the function's sample in events/.
	file string
	// mails are those that the installation sends while it is filled.
	mails chan []byte
}

// readEvent reads the event before anything is started, so that a wrong name is reported at once.
func (n invocation) readEvent() ([]byte, error) {
	if n.function == "" {
		return nil, nil
	}
	file := n.file
	if file == "" {
		root, err := settings.Repository()
		if err != nil {
			return nil, err
		}
		file = filepath.Join(root, "events", n.function+".json")
	}
	event, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf(
			"there is no event for the function %q: use a name that has a file in events/, as in cases.list: %w",
			n.function, err)
	}
	return event, nil
}

// sent receives a mail that the installation sent. The channel has room for the few mails of
// setting up.
func (n invocation) sent(mail mailroom.Outgoing) error {
	select {
	case n.mails <- mail.Raw:
	default:
	}
	return nil
}

// call fills the installation with what the event needs, calls the function and shows its answer.
func (n invocation) call(ctx context.Context, i *cloud.Installation, setupToken string, event []byte) error {
	world, err := sample.Make(ctx, i.URL, setupToken, n.mails)
	if err != nil {
		return err
	}
	answer, err := i.Invoke(ctx, n.function, world.Fit(n.function, event))
	if err != nil {
		return err
	}
	fmt.Println(readable(answer))
	return nil
}

// readable formats a function's answer, with the body of an HTTP response as a JSON document.
func readable(answer []byte) string {
	var whole map[string]json.RawMessage
	var body string
	if json.Unmarshal(answer, &whole) == nil && json.Unmarshal(whole["body"], &body) == nil &&
		json.Valid([]byte(body)) {
		whole["body"] = json.RawMessage(body)
		if changed, err := json.Marshal(whole); err == nil {
			answer = changed
		}
	}
	var laidOut bytes.Buffer
	if json.Indent(&laidOut, answer, "", "  ") != nil {
		return string(answer)
	}
	return laidOut.String()
}
