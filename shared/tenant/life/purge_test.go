package life_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/embedded"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/casejobs"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/supporttest"
	"github.com/tenantry/tenantry/shared/tenant"
)

// traces returns where an ID is in the database and in the files, but for the audit log and its archive.
func traces(w *supporttest.World, id string) []string {
	w.T.Helper()
	var found []string
	for _, name := range []string{"table_core", "table_derived"} {
		w.Must(w.Database.Read(w.T.Context(), func(reader *embedded.Reader) error {
			return reader.Each(`SELECT partition, sort, data, expires FROM `+name, nil, func(scan func(...any) error) error {
				var partition, sort, data []byte
				var expires int64
				if err := scan(&partition, &sort, &data, &expires); err != nil {
					return err
				}
				gone := expires > 0 && expires <= w.Clock.Now().Unix()
				if row := bytes.Join([][]byte{partition, sort, data}, []byte(" | ")); bytes.Contains(row, []byte(id)) && !gone {
					found = append(found, name+": "+string(row))
				}
				return nil
			})
		}))
	}
	w.Must(w.Database.Read(w.T.Context(), func(reader *embedded.Reader) error {
		return reader.Each(`SELECT queue, tenant, body FROM queue_messages`, nil, func(scan func(...any) error) error {
			var name, group string
			var body []byte
			err := scan(&name, &group, &body)
			if strings.Contains(group+string(body), id) {
				found = append(found, "queue "+name+": "+string(body))
			}
			return err
		})
	}))
	w.Must(filepath.WalkDir(w.FilesFolder(), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.Contains(path, "/archive/") {
			return err
		}
		content, err := os.ReadFile(path)
		if strings.Contains(path+string(content), id) {
			found = append(found, "file "+path)
		}
		return err
	}))
	return found
}

// fill gives the organization one of everything that is stored for it.
func fill(w *supporttest.World) {
	w.T.Helper()
	ctx := w.T.Context()
	admin := w.Person(w.Org.Place(), identity.Admin)
	for range 20 {
		c := w.NewCase(w.Customer, "No Wi-Fi")
		w.Comment(w.Agent, c, "Try again.")
	}
	c := w.NewCase(w.Customer, "With files")
	w.Note(c, "A note")
	file, err := w.Attachments.Store(
		ctx, w.Journal.NewID(), "cases/"+w.Org.ID+"-a", "a.txt", "text/plain", strings.NewReader("text"))
	w.Must(err)
	_, err = w.Cases.AttachFile(ctx, w.Customer, w.Org.ID, c.ID, file)
	w.Must(err)
	w.Must(w.Sent(c, w.Customer, "sent@portal.example.com"))
	w.SetStatus(w.Agent, w.NewCase(w.Customer, "Solved"), support.Solved)
	gone := w.NewCase(w.Customer, "Deleted")
	_, err = w.Cases.Delete(ctx, w.Person(w.MSP.Place(), identity.Admin), w.Org.ID, gone.ID)
	w.Must(err)
	mail := w.Mail(w.Journal.NewID(), w.Customer.Email, w.ReplyTo(w.Customer, c, ""))
	_, err = w.Files.Put(ctx, mail.RawKey, strings.NewReader("raw "+w.Org.ID), 1000)
	w.Must(err)
	if outcome := w.Receive(mail); outcome.Kind != "comment" {
		w.T.Fatalf("the mail became %+v", outcome)
	}
	w.Invite(w.Org.Place(), identity.Read, "new@rialto.example.net")
	w.Decide(w.Org, identity.PersonalData, false)
	name := "Retail"
	label, err := w.Tenants.NewLabel(ctx, w.Operator(), w.MSP.ID, tenant.LabelChange{Name: &name})
	w.Must(err)
	_, err = w.Tenants.ChangeOrg(ctx, w.Operator(), w.Org.ID, tenant.OrgChange{Labels: &[]string{label.ID}})
	w.Must(err)
	_, err = w.CaseJobs.ExportCases(ctx, admin, casejobs.Export{Scope: lists.Scope{OrgID: w.Org.ID}})
	w.Must(err)
	w.Must(w.DeadLetters.Park(ctx, queue.Message{
		ID: w.Journal.NewID(), Queue: queue.CasesDue, Group: "ORG#" + w.Org.ID, Body: []byte(`{"org_id":"` + w.Org.ID + `"}`),
	}, "broken", 6))
	w.IndexAll()
}

// deliverAll empties the outbox: its messages were handled.
func deliverAll(w *supporttest.World) {
	w.T.Helper()
	for _, query := range change.Forgotten(w.Clock.Now().Add(time.Hour), 1000) {
		page, err := w.Journal.Query(w.T.Context(), query)
		w.Must(err)
		for _, item := range page.Items {
			w.Must(w.Journal.Sent(w.T.Context(), []table.Key{item.Key}))
		}
	}
}

func TestAPurgeLeavesNothingButTheAuditLog(t *testing.T) {
	w := supporttest.NewWorld(t)
	ctx := t.Context()
	fill(w)
	if found := traces(w, w.Org.ID); len(found) < 100 {
		t.Fatalf("only %d traces before", len(found))
	}
	deleted(w)
	w.Receive(w.Mail(w.Journal.NewID(), w.Customer.Email, "support+"+w.Org.ID+"@portal.example.com"))
	w.Clock.Pass(time.Hour)
	due(w)
	w.Clock.Pass(tenant.RestorableFor)
	due(w)
	_, err := w.Archive.CatchUp(ctx)
	w.Must(err)
	due(w)
	if _, err := w.Tenants.LoadStored(ctx, w.Org.ID); err != nil {
		t.Errorf("it is gone before its last day is archived: %v", err)
	}
	w.Clock.Pass(36 * time.Hour)
	_, err = w.Archive.CatchUp(ctx)
	w.Must(err)
	due(w)
	deliverAll(w)
	_, err = w.Store.Sweep(ctx, 1_000_000)
	w.Must(err)
	for _, trace := range traces(w, w.Org.ID) {
		t.Errorf("left: %.300s", trace)
	}
	person, err := w.Accounts.Person(ctx, w.Customer.UserID)
	if err != nil || len(person.Privileges) != 0 {
		t.Errorf("its customer has %+v, %v", person.Privileges, err)
	}
	if entries := w.AuditLog("ORG#" + w.Org.ID); len(entries) == 0 {
		t.Error("the audit log is gone too")
	}
	_, err = w.Life.Restore(ctx, w.Operator(), w.Org.ID)
	w.Wants(fault.NotFound, err)
	if result := w.Verify(false); len(result.Mismatches) > 0 {
		t.Errorf("%+v", result.Mismatches)
	}
}
