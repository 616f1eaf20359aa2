package mailcheck_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/infra/local/mailcheck"
	"github.com/tenantry/tenantry/shared/mail/incoming/specimen"
)

const domain = "msp.example"

// folderOf writes mails into a folder.
func folderOf(t testing.TB, mails map[string][]byte) string {
	t.Helper()
	folder := t.TempDir()
	for name, raw := range mails {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// results runs the command and returns the result for each file.
func results(t testing.TB, folder string, arguments ...string) map[string]mailcheck.Result {
	t.Helper()
	var out bytes.Buffer
	err := mailcheck.Run(t.Context(), append(append([]string{"--json"}, arguments...), folder), domain, &out)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]mailcheck.Result{}
	for line := range strings.Lines(out.String()) {
		var one mailcheck.Result
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			t.Fatal(err)
		}
		all[one.File] = one
	}
	return all
}

// TestEverySpecimenBecomesWhatItsRuleWants processes every specimen as a received mail.
func TestEverySpecimenBecomesWhatItsRuleWants(t *testing.T) {
	t.Parallel()
	mails := map[string][]byte{}
	specimens := map[string]specimen.Mail{}
	for i, mail := range specimen.All() {
		name := fmt.Sprintf("%03d.eml", i)
		mails[name], specimens[name] = mail.Raw, mail
	}
	got := results(t, folderOf(t, mails))
	for name, mail := range specimens {
		result, ok := got[name]
		if !ok {
			t.Errorf("%s: no result", mail.Name)
			continue
		}
		quarantined := result.Became == "quarantine"
		switch {
		case !quarantined && result.Became != "update" && result.Became != "new case":
			t.Errorf("%s (%s): became %q", mail.Name, mail.Rule, result.Became)
		case mail.Refused && (!quarantined || result.Reason != "unreadable"):
			t.Errorf("%s (%s): became %s %s, though it cannot be parsed",
				mail.Name, mail.Rule, result.Became, result.Reason)
		case !mail.Refused && mail.Kind != "" && mail.Kind != "none" && !mail.List && !quarantined:
			t.Errorf("%s (%s): a %s became %s", mail.Name, mail.Rule, mail.Kind, result.Became)
		case quarantined && result.Reason == "":
			t.Errorf("%s (%s): quarantined without a reason", mail.Name, mail.Rule)
		case mail.Reply != "" && result.Reply != "" && mail.Text == "" &&
			strings.TrimSpace(result.Reply) != strings.TrimSpace(mail.Reply):
			t.Errorf("%s (%s): the reply is %q, want %q", mail.Name, mail.Rule, result.Reply, mail.Reply)
		}
	}
}

const plain = "From: Ana <%s>\r\nTo: support@msp.example\r\nSubject: %s\r\nMessage-ID: <%s@customer.example>\r\n" +
	"Date: Mon, 2 Nov 2026 09:00:00 +0000\r\n\r\nThe lobby has no Wi-Fi.\r\n"

func mail(from, subject, id string) []byte { return fmt.Appendf(nil, plain, from, subject, id) }

func TestAFolderIsTriedWithTheSendersThatAreKnown(t *testing.T) {
	t.Parallel()
	folder := folderOf(t, map[string][]byte{
		"a.eml":       mail("ana@customer.example", "No Wi-Fi", "1"),
		"below/b.eml": mail("eve@elsewhere.example", "No Wi-Fi", "2"),
		".hidden":     mail("x@y.example", "x", "3"),
		"c.eml":       mail("ana@customer.example", "No Wi-Fi", "1"),
	})
	list := filepath.Join(t.TempDir(), "senders.txt")
	if err := os.WriteFile(list, []byte("# customers\nAna@Customer.example\n\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := results(t, folder, "--senders", list)
	if len(got) != 3 || got["a.eml"].Became != "new case" || got["below/b.eml"].Reason != "unknown_sender" ||
		!strings.Contains(got["c.eml"].Detail, "the mail was already received") {
		t.Errorf("%+v", got)
	}
	got = results(t, folder)
	if got["below/b.eml"].Became != "new case" || got["a.eml"].Text != "The lobby has no Wi-Fi." ||
		got["a.eml"].Subject != "No Wi-Fi" {
		t.Errorf("with everybody known: %+v", got)
	}
	var out bytes.Buffer
	if err := mailcheck.Run(t.Context(), []string{folder}, domain, &out); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"BECOMES", "a.eml", "ana@customer.example", "2  new case", "The slowest took"} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("the table lacks %q: %s", part, out.String())
		}
	}
}

func TestANewCaseHasAllOfTheTextAndAnUpdateTheReply(t *testing.T) {
	t.Parallel()
	const quote = "\r\n\r\nOn Tue, 3 Nov 2026 at 9:00, Help <help@msp.example> wrote:\r\n\r\n> Is it on?\r\n"
	withQuote := func(subject, id, headers string) []byte {
		raw := string(mail("ana@customer.example", subject, id))
		raw = strings.Replace(raw, "\r\n\r\n", "\r\n"+headers+"\r\n", 1)
		return []byte(strings.TrimSpace(raw) + quote)
	}
	got := results(t, folderOf(t, map[string][]byte{
		"a.eml": withQuote("No Wi-Fi", "1", ""),
		"b.eml": withQuote("Re: No Wi-Fi", "2", "In-Reply-To: <1@customer.example>\r\n"),
	}))
	const reply = "The lobby has no Wi-Fi."
	if a := got["a.eml"]; a.Became != "new case" || a.Reply != reply || !strings.HasSuffix(a.Text, "> Is it on?") {
		t.Errorf("%+v", a)
	}
	if b := got["b.eml"]; b.Became != "update" || b.Reply != reply || b.Text != reply {
		t.Errorf("%+v", b)
	}
}

func TestAWrongCallSaysWhatToDo(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "list")
	if err := os.WriteFile(file, []byte("ana@customer.example\nno address\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, arguments := range map[string][]string{
		"usage: ":         {},
		"mail-check [":    {"--colour", "x"},
		"no such file":    {"/does/not/exist"},
		"is not a folder": {file},
		"line 2":          {"--senders", file, "x"},
		"tenantry ":       {"a", "b"},
	} {
		if err := mailcheck.Run(t.Context(), arguments, domain, &bytes.Buffer{}); err == nil ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v", arguments, err)
		}
	}
}
