package incoming

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func file(kind, disposition string) string {
	return parts("--b\nContent-Type: " + kind + "\nContent-Disposition: " + disposition + "\n\nx\n")
}

func parts(inner string) string {
	return "From: a@b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n" + inner + "--b--\n"
}

func TestFilesGetHarmlessNames(t *testing.T) {
	for header, want := range map[[2]string]string{
		{"text/csv", `attachment; filename="report.csv"`}:                           "report.csv",
		{"text/csv", `attachment; filename="../../etc/passwd"`}:                     "passwd",
		{"text/csv", `attachment; filename="C:\\Users\\ana\\a.csv"`}:                "a.csv",
		{"text/csv", "attachment; filename=\"txt\u202evsc.exe\""}:                   "txtvsc.exe",
		{"text/csv", `attachment; filename="=?utf-8?Q?=C4=8Daj.csv?="`}:             "čaj.csv",
		{"text/csv", `attachment; filename*=iso-8859-2''%E8aj.csv`}:                 "čaj.csv",
		{"text/csv", `attachment; filename*0*=utf-8''%C4%8D; filename*1="aj.csv"`}:  "čaj.csv",
		{`text/csv; name="n.csv"`, "attachment"}:                                    "n.csv",
		{"text/csv", `attachment; filename=".htaccess"`}:                            "htaccess",
		{"text/csv", `attachment; filename="a:b?.csv"`}:                             "a_b_.csv",
		{"text/csv", `attachment; filename="` + strings.Repeat("č", 300) + `.csv"`}: strings.Repeat("č", 116) + ".csv",
		{"text/csv", `attachment; filename=".."`}:                                   "attachment-1.csv",
		{"text/calendar; method=REQUEST", "inline"}:                                 "invitation.ics",
		{"application/ms-tnef", "attachment"}:                                       "winmail.dat",
		{"application/x-unknown", "attachment"}:                                     "attachment-1.bin",
		{"image/png", "inline"}:                                                     "attachment-1.png",
	} {
		got := parse(t, file(header[0], header[1]))
		if len(got.Attachments) != 1 || got.Attachments[0].Name != want {
			t.Errorf("%q: %+v", header, got.Attachments)
		}
	}
}

func TestFilesOfOneNameGetDifferentOnes(t *testing.T) {
	one := "--b\nContent-Type: text/csv\nContent-Disposition: attachment; filename=\"a.csv\"\n\nx\n"
	got := parse(t, parts(one+one+strings.ReplaceAll(one, "a.csv", "A.CSV")))
	var names []string
	for _, a := range got.Attachments {
		names = append(names, a.Name)
	}
	if diff := cmp.Diff([]string{"a.csv", "a (2).csv", "A (3).CSV"}, names); diff != "" {
		t.Error(diff)
	}
}

func TestAnAttachedMailIsAFileAndNotText(t *testing.T) {
	got := parse(t, parts("--b\nContent-Type: message/rfc822\n\nSubject: =?utf-8?Q?old/n=C4=8Dws?=\n\nsecret text\n"))
	if got.Text != "text" || len(got.Attachments) != 1 || got.Attachments[0].Name != "old-nčws.eml" ||
		!bytes.Contains(got.Attachments[0].Content, []byte("secret text")) {
		t.Errorf("%q, %+v", got.Text, got.Attachments)
	}
}

func TestSeveralTextsBecomeOne(t *testing.T) {
	got := parse(t, parts("--b\nContent-Type: text/html\n\n<p>second</p>\n--b\nContent-Type: text/plain\n\nthird\n"))
	if want := "text\n\nsecond\n\nthird"; got.Text != want {
		t.Errorf("%q", got.Text)
	}
}

func TestTheMarkOfThePlainFormIsUsedWhereBothFormsExist(t *testing.T) {
	got := parse(
		t,
		"Subject: Re\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\nplain\n\n> q\n--b\nContent-Type: text/html\n\n<p>html</p>\n--b--\n",
	)
	if got.Reply != "plain" || strings.Contains(got.Text, "html") {
		t.Errorf("%q of %q", got.Reply, got.Text)
	}
	got = parse(
		t,
		"Subject: Re\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\n \n--b\nContent-Type: text/html\n\n<p>html</p><blockquote type=cite>q</blockquote>\n--b--\n",
	)
	if got.Reply != "html" || got.Text != "html\n\n> q" {
		t.Errorf("%q of %q", got.Reply, got.Text)
	}
}
