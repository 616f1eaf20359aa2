package catalog_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/worker"
	"github.com/tenantry/tenantry/shared/queue"
	queues "github.com/tenantry/tenantry/shared/queue/embedded"
)

// readEvent reads a sample event.
func readEvent(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "events", name+".json"))
	check(t, err)
	check(t, json.Unmarshal(data, into))
}

// TestEverySampleEventIsWorkedOff gives each worker its sample event, as a queue or stream would.
func TestEverySampleEventIsWorkedOff(t *testing.T) {
	ctx := context.Background()
	i := newInstallation(t, nil)
	used := map[string]bool{"outbox.relay.json": true}
	for _, declared := range catalog.Workers(i.Services) {
		used[declared.Name+".json"] = true
		var event events.SQSEvent
		readEvent(t, declared.Name, &event)
		if declared.Queue == queue.MailReceive {
			raw := "From: who@example.net\r\nTo: support@help.example.com\r\nSubject: hello\r\n\r\nhello\r\n"
			_, err := i.Files.Put(ctx, "mail/2026-11-22/"+event.Records[0].MessageId, strings.NewReader(raw), 1000)
			check(t, err)
		}
		response, err := worker.Serve(declared, i.Office, i.Log)(ctx, event)
		if err != nil || len(response.BatchItemFailures) > 0 {
			t.Errorf("%s: %v, %v", declared.Name, response, err)
		}
	}
	if kept, err := i.Desk.QuarantinedMails(ctx, i.people["operator"], 10, ""); err != nil || len(kept.Mails) != 1 || kept.Mails[0].Reason != "unknown_sender" {
		t.Errorf("the mail that came in became %v, %v", kept, err)
	}
	dead, err := i.Office.List(ctx, i.people["operator"], 10, "")
	if err != nil || len(dead.Letters) != 0 {
		t.Errorf("given up: %v, %v", dead, err)
	}
	var event events.DynamoDBEvent
	readEvent(t, "outbox.relay", &event)
	response, err := catalog.Relay(i.Services).Handle(ctx, event)
	if err != nil || len(response.BatchItemFailures) > 0 {
		t.Errorf("outbox.relay: %v, %v", response, err)
	}
	waiting := i.Queues.(*queues.Queues)
	if depth, err := waiting.Depth(ctx, queue.MailSend); err != nil || depth.Waiting != 1 {
		t.Errorf("the relayed message: %+v, %v", depth, err)
	}
	files, err := os.ReadDir(filepath.Join("..", "..", "events"))
	check(t, err)
	for _, file := range files {
		if !used[file.Name()] {
			t.Errorf("events/%s belongs to no worker", file.Name())
		}
	}
}
