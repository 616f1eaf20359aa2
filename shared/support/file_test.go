package support_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/attachment"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

func TestSafeName(t *testing.T) {
	for _, test := range []struct{ name, want string }{
		{"photo.jpg", "photo.jpg"},
		{"Überblick 2026.pdf", "Überblick 2026.pdf"},
		{"/etc/passwd", "passwd"},
		{`C:\Users\anna\log.txt`, "log.txt"},
		{"../../..", "attachment"},
		{"..", "attachment"},
		{"", "attachment"},
		{"   ", "attachment"},
		{"dir/", "attachment"},
		{".htaccess", "htaccess"},
		{" ..  .profile ", "profile"},
		{"a\x00b\nc\r.txt", "abc.txt"},
		{"\u202egnp.exe", "gnp.exe"},
		{"\u200finvoice\u2066.pdf", "invoice.pdf"},
		{"line\u2028para\u2029.txt", "linepara.txt"},
		{`a:b*c?d"e<f>g|h.txt`, "abcdefgh.txt"},
		{"\xff\xfe.txt", "txt"},
		{strings.Repeat("a", 200) + ".pdf", strings.Repeat("a", 116) + ".pdf"},
		{strings.Repeat("ž", 200) + ".docx", strings.Repeat("ž", 115) + ".docx"},
		{strings.Repeat("a", 121), strings.Repeat("a", 120)},
		{"x." + strings.Repeat("y", 200), "x." + strings.Repeat("y", 118)},
	} {
		if got := attachment.SafeName(test.name); got != test.want {
			t.Errorf("%q: got %q, want %q", test.name, got, test.want)
		}
	}
}

func FuzzSafeName(f *testing.F) {
	for _, name := range []string{"a.txt", "../..", "\u202e.", ".\xff", strings.Repeat("š.", 100), `\\x\`, ". .. ...", "a. :."} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got := attachment.SafeName(name)
		bad := func(r rune) bool { return unicode.IsControl(r) || unicode.In(r, unicode.Cf) }
		if got == "" || strings.ContainsAny(got, `/\:*?"<>|`) || got[0] == '.' || !utf8.ValidString(got) ||
			strings.ContainsFunc(got, bad) ||
			utf8.RuneCountInString(got) > 120 {
			t.Errorf("%q became %q", name, got)
		}
		if again := attachment.SafeName(got); again != got {
			t.Errorf("%q became %q, then %q", name, got, again)
		}
	})
}

func TestAFileIsStoredWithItsNameTypeAndSize(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	for contentType, want := range map[string]string{
		"image/png": "image/png", "Text/HTML; charset=utf-8": "text/html", "": "application/octet-stream",
		"text": "application/octet-stream", "text/html\r\nX: y": "application/octet-stream", "a/b/c": "application/octet-stream",
	} {
		file, err := w.Cases.StoreFile(
			t.Context(),
			w.Customer,
			w.Org.ID,
			c.ID,
			"../log.txt",
			contentType,
			strings.NewReader("hello"),
		)
		w.Must(err)
		if file.Name != "log.txt" || file.ContentType != want || file.Size != 5 ||
			file.SHA256 != "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" {
			t.Errorf("%q: %+v", contentType, file)
		}
	}
}

func TestAnAttachmentIsVisibleToEverybodyOnTheCase(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	file, err := w.Cases.StoreFile(
		t.Context(),
		w.Customer,
		w.Org.ID,
		c.ID,
		"log.txt",
		"text/plain",
		strings.NewReader("hello"),
	)
	w.Must(err)
	before := len(w.Outbox())
	after, err := w.Cases.AttachFile(t.Context(), w.Agent, w.Org.ID, c.ID, file)
	if err != nil || after.Files != 1 {
		t.Fatalf("%+v, %v", after, err)
	}
	if notices := w.Told(
		before,
	); len(notices) != 1 || notices[0].Event != support.Attached || notices[0].FileName != "log.txt" ||
		notices[0].UserID != w.Customer.UserID {
		t.Errorf("notified %+v", notices)
	}
	existing, err := w.Cases.File(t.Context(), w.Person(w.Org.Place(), identity.Read), w.Org.ID, c.ID, file.ID)
	w.Must(err)
	content, err := w.Files.Open(t.Context(), existing.BlobKey)
	w.Must(err)
	text, err := io.ReadAll(content)
	if err != nil || string(text) != "hello" || content.Close() != nil {
		t.Errorf("content %q, %v", text, err)
	}
	_, err = w.Cases.File(t.Context(), w.Person(w.Neighbour.Place(), identity.Admin), w.Org.ID, c.ID, file.ID)
	w.Wants(fault.NotFound, err)
	_, err = w.Cases.File(t.Context(), w.Customer, w.Org.ID, c.ID, "x")
	w.Wants(fault.NotFound, err)
}

func TestPeopleWhoMayNotOpenCasesCannotStoreFiles(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	_, err := w.Cases.StoreFile(
		t.Context(),
		w.Person(w.Org.Place(), identity.Read),
		w.Org.ID,
		c.ID,
		"a",
		"",
		strings.NewReader("x"),
	)
	w.Wants(fault.Forbidden, err)
}

func TestADiscardedFileIsDeleted(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	file, err := w.Cases.StoreFile(
		t.Context(),
		w.Customer,
		w.Org.ID,
		c.ID,
		"log.txt",
		"text/plain",
		strings.NewReader("hello"),
	)
	w.Must(err)
	w.Must(w.Attachments.Discard(t.Context(), []attachment.File{file}))
	if _, err := w.Files.Open(t.Context(), file.BlobKey); !errors.Is(err, blob.ErrAbsent) {
		t.Errorf("got %v", err)
	}
}
