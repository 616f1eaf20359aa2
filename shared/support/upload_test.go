package support_test

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
)

func (w *world) announce(c support.Case) support.Announced {
	w.t.Helper()
	made, err := w.Desk.AnnounceUpload(w.t.Context(), w.customer, c.OrgID, c.ID, "../capture.pcap", "application/vnd.tcpdump.pcap")
	w.must(err)
	return made
}

func (w *world) bring(made support.Announced, content string) {
	w.t.Helper()
	_, err := w.Files.Put(w.t.Context(), made.BlobKey, strings.NewReader(content), made.MaxBytes)
	w.must(err)
}

func TestAnAnnouncedFileIsPutOnItsCaseOnce(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "Slow")
	made := w.announce(c)
	_, err := w.Desk.FinishUpload(t.Context(), w.customer, c.OrgID, c.ID, made.Token)
	w.Wants(fault.Invalid, err)
	content := strings.Repeat("packet ", 10_000)
	w.bring(made, content)
	first, err := w.Desk.FinishUpload(t.Context(), w.customer, c.OrgID, c.ID, made.Token)
	w.must(err)
	sum := sha256.Sum256([]byte(content))
	if first.Name != "capture.pcap" || first.ContentType != "application/vnd.tcpdump.pcap" || first.Size != int64(len(content)) || first.SHA256 != hex.EncodeToString(sum[:]) {
		t.Errorf("the file is %+v", first)
	}
	again, err := w.Desk.FinishUpload(t.Context(), w.customer, c.OrgID, c.ID, made.Token)
	if err != nil || again != first {
		t.Errorf("the second time: %+v, %v", again, err)
	}
	if files := w.detail(w.customer, c).Files; len(files) != 1 {
		t.Errorf("the case has the files %+v", files)
	}
	if _, err := w.Files.Open(t.Context(), made.BlobKey); !errors.Is(err, blob.ErrAbsent) {
		t.Errorf("what was brought stays: %v", err)
	}
	stored, err := w.Files.Open(t.Context(), first.BlobKey)
	w.must(err)
	read, err := io.ReadAll(stored)
	if err != nil || stored.Close() != nil || !bytes.Equal(read, []byte(content)) {
		t.Errorf("stored are %d bytes, %v", len(read), err)
	}
}

func TestATokenIsForItsPersonAndCaseAlone(t *testing.T) {
	w := newWorld(t)
	c, other := w.newCase(w.customer, "Slow"), w.newCase(w.customer, "Fast")
	made := w.announce(c)
	w.bring(made, "content")
	colleague := w.Person(w.Org.Place(), identity.Admin)
	for _, try := range []struct {
		by   identity.Principal
		on   support.Case
		with string
	}{{colleague, c, made.Token}, {w.customer, other, made.Token}, {w.customer, c, made.Token + "A"}, {w.customer, c, ""}} {
		_, err := w.Desk.FinishUpload(t.Context(), try.by, try.on.OrgID, try.on.ID, try.with)
		w.Wants(fault.NotFound, err)
	}
}

func TestAnUploadThatTookTooLongIsAnnouncedAnew(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "Slow")
	made := w.announce(c)
	w.bring(made, "content")
	w.Clock.Pass(support.UploadLife + time.Second)
	_, err := w.Desk.FinishUpload(t.Context(), w.customer, c.OrgID, c.ID, made.Token)
	w.Wants(fault.Invalid, err)
}

func TestWhoOnlySeesACaseAnnouncesNothing(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "Slow")
	_, err := w.Desk.AnnounceUpload(t.Context(), w.Person(w.Org.Place(), identity.Read), c.OrgID, c.ID, "a", "")
	w.Wants(fault.Forbidden, err)
	elsewhere := w.NewOrg(w.MSP.ID, "Riga Bakeries")
	_, err = w.Desk.AnnounceUpload(t.Context(), w.Person(elsewhere.Place(), identity.Admin), c.OrgID, c.ID, "a", "")
	w.Wants(fault.NotFound, err)
}

// lossy is a store whose next commit takes effect, but whose answer is lost.
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
	w := newWorld(t)
	c := w.newCase(w.customer, "Slow")
	store := &lossy{Store: w.Store}
	journal := change.NewJournal(store, w.Clock.Now)
	desk := support.NewDesk(journal, w.Accounts, w.Tenants, w.Files, w.Index, w.Keyring, apptest.MailDomain)
	made := w.announce(c)
	w.bring(made, "content")
	store.lose = true
	file, err := desk.FinishUpload(t.Context(), w.customer, c.OrgID, c.ID, made.Token)
	w.must(err)
	content, err := w.Files.Open(t.Context(), file.BlobKey)
	w.must(err)
	w.must(content.Close())
}

func TestWhoMayNoLongerWriteLeavesNoCopies(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "Slow")
	made := w.announce(c)
	w.bring(made, "content")
	reader := w.customer
	reader.Privileges = w.Person(w.Org.Place(), identity.Read).Privileges
	files := &counting{Store: w.Files}
	desk := support.NewDesk(w.Journal, w.Accounts, w.Tenants, files, w.Index, w.Keyring, apptest.MailDomain)
	_, err := desk.FinishUpload(t.Context(), reader, c.OrgID, c.ID, made.Token)
	if w.Wants(fault.Forbidden, err); files.stored > 0 {
		t.Errorf("%d files were stored", files.stored)
	}
}

// counting counts what is stored.
type counting struct {
	blob.Store
	stored int
}

func (s *counting) Put(ctx context.Context, key string, content io.Reader, limit int64) (blob.Written, error) {
	s.stored++
	return s.Store.Put(ctx, key, content, limit)
}

func TestASplitThatTookEffectUnheardKeepsItsFiles(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	file, err := w.Desk.StoreFile(t.Context(), w.customer, c.OrgID, c.ID, "plan.txt", "text/plain", strings.NewReader("plan"))
	w.must(err)
	_, comment, err := w.Desk.AddComment(t.Context(), w.customer, c.OrgID, c.ID, support.NewComment{Text: "And the printer burns.", Files: []support.File{file}})
	w.must(err)
	store := &lossy{Store: w.Store, lose: true}
	desk := support.NewDesk(change.NewJournal(store, w.Clock.Now), w.Accounts, w.Tenants, w.Files, w.Index, w.Keyring, apptest.MailDomain)
	_, err = desk.SplitCase(t.Context(), w.agent, c.OrgID, c.ID, comment.ID, "Printer on fire")
	w.Wants(fault.Unavailable, err)
	made := support.Case{OrgID: c.OrgID, ID: w.detail(w.agent, c).Links[0].CaseID}
	content, err := w.Files.Open(t.Context(), w.detail(w.agent, made).Files[0].BlobKey)
	w.must(err)
	w.must(content.Close())
}
