package incoming

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/tenantry/tenantry/shared/cputime"
	"github.com/tenantry/tenantry/shared/fault"
)

func nested(depth int) string {
	var b strings.Builder
	b.WriteString("From: a@b\nContent-Type: multipart/mixed; boundary=b0\n\n")
	for i := range depth - 1 {
		fmt.Fprintf(&b, "--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n", i, i+1)
	}
	fmt.Fprintf(&b, "--b%d\n\ndeep\n", depth-1)
	return b.String()
}

func TestMailsBuiltToBeDearAreRefused(t *testing.T) {
	part := "--b\nContent-Type: text/plain\n\nx\n"
	file := "--b\nContent-Type: image/png\nContent-Disposition: attachment\n\nx\n"
	for name, c := range map[string]struct {
		raw    string
		limits Limits
		want   fault.Code
	}{
		"20 levels":                       {nested(20), Limits{}, ""},
		"20 levels in one that is closed": {nested(20) + "\n--b0--\n", Limits{}, ""},
		"20 levels closed half way":       {nested(20) + "\n--b10\n\nx\n--b5\n\ny\n", Limits{}, ""},
		"21 levels":                       {nested(21), Limits{}, fault.Invalid},
		"100,000 levels":                  {nested(100_000), Limits{HeaderBytes: 1 << 30}, fault.Invalid},
		"500 parts":                       {parts(strings.Repeat(part, 499)), Limits{}, ""},
		"501 parts":                       {parts(strings.Repeat(part, 500)), Limits{}, fault.Invalid},
		"100 attachments":                 {parts(strings.Repeat(file, 100)), Limits{}, ""},
		"101 attachments":                 {parts(strings.Repeat(file, 101)), Limits{}, fault.Invalid},
		"headers at the limit":            {"Subject: " + strings.Repeat("a", 250<<10) + "\n\nx", Limits{}, ""},
		"headers above it":                {"Subject: " + strings.Repeat("a", 257<<10) + "\n\nx", Limits{}, fault.Invalid},
		"no end of headers":               {strings.Repeat("a: b\n", 100_000), Limits{}, fault.Invalid},
		"too large":                       {"a: b\n\n" + strings.Repeat("x", 1000), Limits{Bytes: 1000}, fault.TooLarge},
		"just large enough":               {"a: b\r\n\r\n" + strings.Repeat("x", 992), Limits{Bytes: 1000}, ""},
		"a huge boundary":                 {"Content-Type: multipart/mixed; boundary=" + strings.Repeat("b", 5000) + "\n\nx", Limits{}, ""},
		"deep and large":                  {strings.Replace(nested(20), "deep", strings.Repeat(strings.Repeat("x", 70)+"\n", 300_000), 1), Limits{}, ""},
	} {
		begun := cputime.Now()
		_, err := Parse(t.Context(), strings.NewReader(c.raw), c.limits)
		if fault.CodeOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
		if took := cputime.Since(begun); took > 3*time.Second {
			t.Errorf("%s: took %s", name, took)
		}
	}
}

func TestMultipartsThatAreNotClosedCostNoMoreThanOthers(t *testing.T) {
	raw := nested(20)
	begun := cputime.Now()
	for range 10 {
		if got := parse(t, raw); got.Text != "deep" ||
			!strings.Contains(strings.Join(got.Problems, ""), "20 multiparts are not closed") {
			t.Fatalf("%q, %q", got.Text, got.Problems)
		}
	}
	if took := cputime.Since(begun); took > time.Second {
		t.Errorf("ten mails took %s", took)
	}
}

func TestHostileHeadersAreReadQuickly(t *testing.T) {
	for name, header := range map[string]string{
		"parameters":   "Content-Type: text/plain; " + strings.Repeat("a=b; ", 40_000),
		"quotes":       "Content-Type: text/plain; a=" + strings.Repeat(`"`, 200_000),
		"disposition":  "Content-Disposition: " + strings.Repeat("a=\"b ", 40_000),
		"encoded":      "Subject: " + strings.Repeat("=?utf-8?q?a?= ", 15_000),
		"questions":    "Subject: " + strings.Repeat("=?", 100_000),
		"addresses":    "From: " + strings.Repeat("a@b,", 50_000),
		"brackets":     "From: " + strings.Repeat("<", 200_000),
		"comments":     "To: " + strings.Repeat("(", 200_000),
		"literals":     "From: a@" + strings.Repeat("[", 200_000),
		"dots":         "From: " + strings.Repeat("a.", 100_000),
		"at signs":     "From: " + strings.Repeat("@", 200_000),
		"references":   "References: " + strings.Repeat("<a@b>", 40_000),
		"continuation": "Subject: a" + strings.Repeat("\n b", 60_000),
		"lines":        strings.TrimSuffix(strings.Repeat("a: b\n", 40_000), "\n"),
		"date":         "Date: " + strings.Repeat("(", 200_000),
		"file name":    "Content-Disposition: attachment; " + strings.Repeat("filename*0*=a; ", 10_000),
	} {
		begun := cputime.Now()
		if _, err := Parse(t.Context(), strings.NewReader(header+"\n\nx"), Limits{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if took := cputime.Since(begun); took > 3*time.Second {
			t.Errorf("%s: %s", name, took)
		}
	}
}

func TestALargeMailIsReadInABoundedTime(t *testing.T) {
	var b bytes.Buffer
	b.WriteString(
		"From: a@b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n",
	)
	line := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 57)) + "\r\n"
	for b.Len() < 20<<20 {
		b.WriteString(line)
	}
	b.WriteString("--b--\r\n")
	begun := cputime.Now()
	m, err := Parse(t.Context(), &b, Limits{})
	if err != nil || len(m.Attachments) != 1 || len(m.Attachments[0].Content) < 14<<20 {
		t.Fatalf("%v", err)
	}
	if took := cputime.Since(begun); took > 20*time.Second {
		t.Errorf("took %s", took)
	}
}

func TestTheReadersErrorIsPassedOn(t *testing.T) {
	broken := errors.New("connection lost")
	if _, err := Parse(
		t.Context(),
		io.MultiReader(strings.NewReader("a: b\n"), iotest.ErrReader(broken)),
		Limits{},
	); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Parse(ctx, strings.NewReader("a: b\n\nx"), Limits{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestMailsThatBreakTheRulesAreStillRead(t *testing.T) {
	for name, c := range map[string]struct{ raw, want string }{
		"empty":                             {"", ""},
		"only text":                         {"hello", "hello"},
		"mailbox line":                      {"From a@b Wed Mar  4 10:15:00 2026\nSubject: x\n\nhello", "hello"},
		"no boundary declared":              {"Content-Type: multipart/mixed\n\nhello", "hello"},
		"another boundary":                  {"Content-Type: multipart/mixed; boundary=b\n\nhello", "hello"},
		"no body":                           {"Content-Type: multipart/mixed; boundary=b", ""},
		"no headers in a part":              {"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n--b--\n", ""},
		"boundary with spaces":              {"Content-Type: multipart/mixed; boundary=b\n\n--b \t\n\nhello\n--b-- \n", "hello"},
		"boundary that begins like another": {"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=b1\n\n--b1\n\nhello\n--b1--\n--b\n\nyou\n--b--\n", "hello\n\nyou"},
		"boundary never closed":             {"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhello", "hello"},
		"broken base64":                     {"Content-Transfer-Encoding: base64\n\naGVsbG8=!!!", "hello"},
		"unknown encoding":                  {"Content-Transfer-Encoding: x-odd\n\nhello", "hello"},
		"line feeds only":                   {"Subject: x\n\nhello\n", "hello"},
		"empty multipart":                   {"Content-Type: multipart/mixed; boundary=b\n\n--b--\n", ""},
		"header without a colon":            {"Subject: x\nodd line\n\nhello", "hello"},
		"quoted-printable broken":           {"Content-Transfer-Encoding: quoted-printable\n\nhel=lo=ZZ", "hel=lo=ZZ"},
	} {
		m, err := Parse(t.Context(), strings.NewReader(c.raw), Limits{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if strings.TrimSpace(m.Text) != c.want {
			t.Errorf("%s: %q, problems %q", name, m.Text, m.Problems)
		}
	}
}
