package upload_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/attachment"
	"github.com/tenantry/tenantry/shared/support/services"
	"github.com/tenantry/tenantry/shared/support/supporttest"
	"github.com/tenantry/tenantry/shared/support/upload"
)

func TestAnAnnouncedFileIsPutOnItsCaseOnce(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "Slow")
	announced := w.Announce(c)
	_, err := w.Uploads.FinishUpload(t.Context(), w.Customer, c.OrgID, c.ID, announced.Token)
	w.Wants(fault.Invalid, err)
	content := strings.Repeat("packet ", 10_000)
	w.Bring(announced, content)
	first, err := w.Uploads.FinishUpload(t.Context(), w.Customer, c.OrgID, c.ID, announced.Token)
	w.Must(err)
	sum := sha256.Sum256([]byte(content))
	if first.Name != "capture.pcap" || first.ContentType != "application/vnd.tcpdump.pcap" ||
		first.Size != int64(len(content)) ||
		first.SHA256 != hex.EncodeToString(sum[:]) {
		t.Errorf("the file is %+v", first)
	}
	again, err := w.Uploads.FinishUpload(t.Context(), w.Customer, c.OrgID, c.ID, announced.Token)
	if err != nil || again != first {
		t.Errorf("the second time: %+v, %v", again, err)
	}
	if files := w.Detail(w.Customer, c).Files; len(files) != 1 {
		t.Errorf("the case has the files %+v", files)
	}
	if _, err := w.Files.Open(t.Context(), announced.BlobKey); !errors.Is(err, blob.ErrAbsent) {
		t.Errorf("what was brought stays: %v", err)
	}
	stored, err := w.Files.Open(t.Context(), first.BlobKey)
	w.Must(err)
	read, err := io.ReadAll(stored)
	if err != nil || stored.Close() != nil || !bytes.Equal(read, []byte(content)) {
		t.Errorf("stored are %d bytes, %v", len(read), err)
	}
}

func TestATokenIsForItsPersonAndCaseAlone(t *testing.T) {
	w := supporttest.NewWorld(t)
	c, other := w.NewCase(w.Customer, "Slow"), w.NewCase(w.Customer, "Fast")
	announced := w.Announce(c)
	w.Bring(announced, "content")
	colleague := w.Person(w.Org.Place(), identity.Admin)
	for _, try := range []struct {
		by   identity.Principal
		on   support.Case
		with string
	}{{colleague, c, announced.Token}, {w.Customer, other, announced.Token}, {w.Customer, c, announced.Token + "A"}, {w.Customer, c, ""}} {
		_, err := w.Uploads.FinishUpload(t.Context(), try.by, try.on.OrgID, try.on.ID, try.with)
		w.Wants(fault.NotFound, err)
	}
}

func TestAnUploadThatTookTooLongIsAnnouncedAnew(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "Slow")
	announced := w.Announce(c)
	w.Bring(announced, "content")
	w.Clock.Pass(upload.UploadLife + time.Second)
	_, err := w.Uploads.FinishUpload(t.Context(), w.Customer, c.OrgID, c.ID, announced.Token)
	w.Wants(fault.Invalid, err)
}

func TestWhoOnlySeesACaseAnnouncesNothing(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "Slow")
	_, err := w.Uploads.AnnounceUpload(t.Context(), w.Person(w.Org.Place(), identity.Read), c.OrgID, c.ID, "a", "", 100)
	w.Wants(fault.Forbidden, err)
	elsewhere := w.NewOrg(w.MSP.ID, "Riga Bakeries")
	_, err = w.Uploads.AnnounceUpload(t.Context(), w.Person(elsewhere.Place(), identity.Admin),
		c.OrgID, c.ID, "a", "", 100)
	w.Wants(fault.NotFound, err)
}

// lossy is a store whose next commit succeeds, but whose response is lost.
type lossy struct {
	table.Store
	lose bool
}

func (s *lossy) Transact(ctx context.Context, writes []table.Write) error {
	err := s.Store.Transact(ctx, writes)
	if err == nil && s.lose {
		s.lose = false
		return fault.New(fault.Unavailable, "The answer was lost.")
	}
	return err
}

func TestAFileWhoseCommitTookEffectUnheardKeepsItsContent(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "Slow")
	store := &lossy{Store: w.Store}
	journal := change.NewJournal(store, w.Clock.Now)
	desks := services.New(services.Below{
		Journal: journal, Accounts: w.Accounts, Tenants: w.Tenants, Files: w.Files,
		Index: w.Index, Keyring: w.Keyring, MailDomain: apptest.MailDomain,
	})
	announced := w.Announce(c)
	w.Bring(announced, "content")
	store.lose = true
	file, err := desks.Uploads.FinishUpload(t.Context(), w.Customer, c.OrgID, c.ID, announced.Token)
	w.Must(err)
	content, err := w.Files.Open(t.Context(), file.BlobKey)
	w.Must(err)
	w.Must(content.Close())
}

func TestWhoMayNoLongerWriteLeavesNoCopies(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "Slow")
	announced := w.Announce(c)
	w.Bring(announced, "content")
	reader := w.Customer
	reader.Privileges = w.Person(w.Org.Place(), identity.Read).Privileges
	files := &counting{Store: w.Files}
	desks := services.New(services.Below{
		Journal: w.Journal, Accounts: w.Accounts, Tenants: w.Tenants, Files: files,
		Index: w.Index, Keyring: w.Keyring, MailDomain: apptest.MailDomain,
	})
	_, err := desks.Uploads.FinishUpload(t.Context(), reader, c.OrgID, c.ID, announced.Token)
	if w.Wants(fault.Forbidden, err); files.stored > 0 {
		t.Errorf("%d files were stored", files.stored)
	}
}

// counting counts the stored files.
type counting struct {
	blob.Store
	stored int
}

func (s *counting) Put(ctx context.Context, key string, content io.Reader, limit int64) (blob.Written, error) {
	s.stored++
	return s.Store.Put(ctx, key, content, limit)
}

func TestASplitThatTookEffectUnheardKeepsItsFiles(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	file, err := w.Cases.StoreFile(
		t.Context(),
		w.Customer,
		c.OrgID,
		c.ID,
		"plan.txt",
		"text/plain",
		strings.NewReader("plan"),
	)
	w.Must(err)
	_, comment, err := w.Cases.AddComment(
		t.Context(),
		w.Customer,
		c.OrgID,
		c.ID,
		support.NewComment{Text: "And the printer burns.", Files: []attachment.File{file}},
	)
	w.Must(err)
	store := &lossy{Store: w.Store, lose: true}
	desks := services.New(services.Below{
		Journal: change.NewJournal(store, w.Clock.Now), Accounts: w.Accounts, Tenants: w.Tenants, Files: w.Files,
		Index: w.Index, Keyring: w.Keyring, MailDomain: apptest.MailDomain,
	})
	_, err = desks.Cases.Split(t.Context(), w.Agent, c.OrgID, c.ID, comment.ID, "Printer on fire")
	w.Wants(fault.Unavailable, err)
	created := support.Case{OrgID: c.OrgID, ID: w.Detail(w.Agent, c).Links[0].CaseID}
	content, err := w.Files.Open(t.Context(), w.Detail(w.Agent, created).Files[0].BlobKey)
	w.Must(err)
	w.Must(content.Close())
}
