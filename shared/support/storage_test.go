package support_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/supporttest"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/storage"
)

// allow sets the budgets of the world's organization.
func allow(w *supporttest.World, total, daily int64) {
	w.T.Helper()
	_, err := w.Storage.ChangeLimits(w.T.Context(), w.Operator(), w.Org.ID,
		tenant.StorageChange{Bytes: &total, DailyBytes: &daily})
	w.Must(err)
}

// stores checks how much the world's organization stores.
func stores(w *supporttest.World, total, today int64) {
	w.T.Helper()
	usage, err := w.Storage.Usage(w.T.Context(), w.Customer, w.Org.ID)
	w.Must(err)
	if usage.Used != total || usage.Today != today {
		w.T.Errorf("%d bytes are stored, %d today, want %d and %d", usage.Used, usage.Today, total, today)
	}
}

// attach stores a file of some bytes on a case.
func attach(w *supporttest.World, c support.Case, bytes int) error {
	w.T.Helper()
	file, err := w.Cases.StoreFile(w.T.Context(), w.Customer, c.OrgID, c.ID, "a.txt", "text/plain",
		strings.NewReader(strings.Repeat("x", bytes)))
	w.Must(err)
	_, err = w.Cases.AttachFile(w.T.Context(), w.Customer, c.OrgID, c.ID, file)
	return err
}

func TestAnOrganizationStoresNoMoreThanItsBudget(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	allow(w, 1000, 1<<30)
	w.Must(attach(w, c, 600))
	err := attach(w, c, 600)
	if w.Wants(fault.Full, err); !errors.Is(err, storage.ErrBeyond) ||
		!strings.Contains(err.Error(), "operator of this portal can raise") {
		t.Errorf("%v", err)
	}
	stores(w, 600, 600)
	w.Must(attach(w, c, 400))
	_, comment := w.Comment(w.Customer, c, "Text needs no file.")
	w.Wants(fault.Full, attach(w, c, 1))
	if _, err := w.Cases.Split(t.Context(), w.Agent, c.OrgID, c.ID, comment.ID, "A comment without files"); err != nil {
		t.Error(err)
	}
	allow(w, 1001, 1<<30)
	w.Must(attach(w, c, 1))
	stores(w, 1001, 1001)
}

func TestAnOrganizationStoresNoMoreADayThanItsDailyBudget(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	allow(w, 1<<30, 1000)
	w.Must(attach(w, c, 1000))
	w.Wants(fault.Full, attach(w, c, 1))
	w.Clock.Pass(24 * time.Hour)
	w.Must(attach(w, c, 1000))
	stores(w, 2000, 1000)
	allow(w, 0, 0) // the limits of the installation
	usage, err := w.Storage.Usage(t.Context(), w.Customer, w.Org.ID)
	if err != nil || usage.Limit != 20<<30 || usage.DailyLimit != 2<<30 {
		t.Errorf("%+v, %v", usage, err)
	}
}

func TestChangesAtTheSameMomentDoNotExceedTheBudgetTogether(t *testing.T) {
	w := supporttest.NewWorld(t)
	var cases []support.Case
	for range 8 {
		cases = append(cases, w.NewCase(w.Customer, "No Wi-Fi"))
	}
	allow(w, 1000, 1<<30)
	var all sync.WaitGroup
	for _, c := range cases {
		all.Go(func() {
			if err := attach(w, c, 300); err != nil && !fault.Is(err, fault.Full) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	stores(w, 900, 900)
}

func TestAnUploadBeyondTheBudgetIsRefusedWhenItIsAttached(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	w.Must(attach(w, c, 600))
	announced := w.Announce(c)
	w.Bring(announced, strings.Repeat("x", 500))
	allow(w, 1000, 1<<30)
	_, err := w.Uploads.FinishUpload(t.Context(), w.Customer, c.OrgID, c.ID, announced.Token)
	w.Wants(fault.Full, err)
	if got := len(w.Detail(w.Customer, c).Files); got != 1 {
		t.Errorf("%d files", got)
	}
}

func TestAnnouncedUploadsCountByTheirSizeForTheirDay(t *testing.T) {
	w := supporttest.NewWorld(t)
	w.Clock.Set(w.Clock.Now().Truncate(24 * time.Hour).Add(36 * time.Hour)) // at noon: the day does not change
	c := w.NewCase(w.Customer, "No Wi-Fi")
	allow(w, 10_000, 3000)
	announce := func(size int64) (string, string, error) {
		a, err := w.Uploads.AnnounceUpload(t.Context(), w.Customer, c.OrgID, c.ID, "a.bin", "", size)
		if err == nil && a.MaxBytes != size {
			t.Errorf("%d bytes may be uploaded", a.MaxBytes)
		}
		return a.Token, a.BlobKey, err
	}
	token, key, err := announce(2000)
	w.Must(err)
	stores(w, 0, 2000)
	_, _, err = announce(1001)
	w.Wants(fault.Full, err)
	_, err = w.Files.Put(t.Context(), key, strings.NewReader(strings.Repeat("x", 500)), 2000)
	w.Must(err)
	w.Clock.Pass(time.Minute)
	_, err = w.Uploads.FinishUpload(t.Context(), w.Customer, c.OrgID, c.ID, token)
	w.Must(err)
	stores(w, 500, 500) // what did not come is given back
	_, err = w.Uploads.FinishUpload(t.Context(), w.Customer, c.OrgID, c.ID, token)
	w.Must(err)
	stores(w, 500, 500)
	allow(w, 600, 3000)
	_, _, err = announce(200)
	w.Wants(fault.Full, err)
}

func TestPurgingACaseGivesItsStorageBack(t *testing.T) {
	w := supporttest.NewWorld(t)
	c, other := w.NewCase(w.Customer, "No Wi-Fi"), w.NewCase(w.Customer, "No power")
	w.Must(attach(w, c, 600))
	w.Must(attach(w, other, 50))
	mail := w.Mail("m-1", w.Customer.Email, w.ReplyTo(w.Customer, c, ""))
	mail.Attachments = []intake.MailAttachment{{Name: "b.txt", Content: []byte("0123456789")}}
	if outcome := w.Receive(mail); outcome.Kind != "comment" {
		t.Fatalf("%+v", outcome)
	}
	stores(w, 660+mail.Size, 660+mail.Size)
	_, err := w.Cases.Delete(t.Context(), w.Person(w.Org.Place(), identity.Admin), c.OrgID, c.ID)
	w.Must(err)
	stores(w, 660+mail.Size, 660+mail.Size) // it can be restored
	w.Clock.Pass(support.RestorableFor + time.Hour)
	for range 3 {
		w.WakeAll()
	}
	stores(w, 50, 0)
}

func TestAMailBeyondTheBudgetKeepsItsTextAndNamesItsFiles(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	allow(w, 1000, 1<<30)
	for name, recipient := range map[string]string{
		"comment": w.ReplyTo(w.Customer, c, ""), "case": supporttest.SupportAddress,
	} {
		for _, long := range []bool{false, true} {
			id := w.Journal.NewID()
			mail := w.Mail(id, w.Customer.Email, recipient)
			mail.RawKey = "mail/" + id
			mail.Attachments = []intake.MailAttachment{
				{Name: "plan.pdf", ContentType: "application/pdf", Content: make([]byte, 2000)},
			}
			if long {
				mail.Text = strings.Repeat("word ", 20_000) + fmt.Sprint(rand.Int())
				mail.Reply = mail.Text
			}
			_, err := w.Files.Put(t.Context(), mail.RawKey, strings.NewReader("raw"), 100)
			w.Must(err)
			outcome := w.Receive(mail)
			if outcome.Kind != name {
				t.Fatalf("%+v, want a %s", outcome, name)
			}
			if again := w.Receive(mail); again.Kind != "duplicate" {
				t.Errorf("the second time: %+v", again)
			}
			detail := w.Detail(w.Customer, support.Case{OrgID: c.OrgID, ID: outcome.CaseID})
			text := detail.Description
			if name == "comment" {
				text = detail.Comments[len(detail.Comments)-1].Text
			}
			if long { // the whole text is a file, which is kept
				if last := detail.Files[len(detail.Files)-1]; last.Name != "mail.txt" || last.Size < 100_000 {
					t.Errorf("the files are %+v", detail.Files)
				}
			} else if !strings.Contains(text, "plan.pdf (2 KiB)") || !strings.Contains(text, "storage is full") ||
				!strings.Contains(text, "Thanks.") || len(detail.Files) > 0 {
				t.Errorf("the text is %q, the files are %+v", text, detail.Files)
			}
			if _, err := w.Files.Open(t.Context(), mail.RawKey); !errors.Is(err, blob.ErrAbsent) {
				t.Errorf("the original mail is kept: %v", err)
			}
		}
	}
}

func TestAMailToTwoOrganizationsIsKeptForTheOneThatHasRoom(t *testing.T) {
	w := supporttest.NewWorld(t)
	other := w.NewOrg(w.MSP.ID, "Second")
	w.Grant(w.Customer, other.Place(), identity.Write)
	allow(w, 100, 1<<30)
	address := func(id string) string {
		return "support+" + strings.ReplaceAll(id, "-", "") + "@" + supporttest.DomainOf(supporttest.SupportAddress)
	}
	for _, recipients := range [][]string{{address(w.Org.ID), address(other.ID)}, {address(other.ID), address(w.Org.ID)}} {
		id := w.Journal.NewID()
		mail := w.Mail(id, w.Customer.Email, recipients...)
		mail.RawKey, mail.Text = "mail/"+id, "Text of "+id
		_, err := w.Files.Put(t.Context(), mail.RawKey, strings.NewReader("raw"), 100)
		w.Must(err)
		if outcome := w.Receive(mail); outcome.Kind != "case" {
			t.Fatalf("%+v", outcome)
		}
		content, err := w.Files.Open(t.Context(), mail.RawKey)
		w.Must(err)
		w.Must(content.Close())
	}
}

func TestOnlyOperatorsChangeHowMuchAnOrganizationMayStore(t *testing.T) {
	w := supporttest.NewWorld(t)
	change := func(by identity.Principal, bytes int64) error {
		_, err := w.Storage.ChangeLimits(t.Context(), by, w.Org.ID, tenant.StorageChange{Bytes: &bytes})
		return err
	}
	for _, by := range []identity.Principal{
		w.Person(w.Org.Place(), identity.Admin), w.Person(w.MSP.Place(), identity.Admin),
	} {
		w.Wants(fault.Forbidden, change(by, 5))
	}
	foreign := w.Person(w.NewMSP("Another").Place(), identity.Admin)
	w.Wants(fault.NotFound, change(foreign, 5))
	_, err := w.Storage.Usage(t.Context(), foreign, w.Org.ID)
	w.Wants(fault.NotFound, err)
	w.Wants(fault.Invalid, change(w.Operator(), -1))
	w.Wants(fault.Invalid, change(w.Operator(), 1<<60))
	w.Must(change(w.Operator(), 5))
}
