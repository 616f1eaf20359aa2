package smtp

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestASettingIsRead(t *testing.T) {
	for setting, want := range map[string]server{
		"smtp://mx.example:25":                 {host: "mx.example", port: "25", encryption: opportunistic, hello: "localhost"},
		"smtp://mx.example":                    {host: "mx.example", port: "25", encryption: opportunistic, hello: "localhost"},
		"smtp://u:p%40ss@mx.example":           {host: "mx.example", port: "587", encryption: mandatory, user: "u", password: "p@ss", hello: "localhost"},
		"smtps://u:p@mx.example":               {host: "mx.example", port: "465", encryption: fromTheStart, user: "u", password: "p", hello: "localhost"},
		"smtp://mx.example:2525?tls=none":      {host: "mx.example", port: "2525", encryption: none, hello: "localhost"},
		"smtp://mx.example?tls=mandatory":      {host: "mx.example", port: "25", encryption: mandatory, hello: "localhost"},
		"smtp://[::1]:25?hello=portal.example": {host: "::1", port: "25", encryption: opportunistic, hello: "portal.example"},
		"smtp://u:p@localhost:1025?tls=none":   {host: "localhost", port: "1025", encryption: none, user: "u", password: "p", hello: "localhost"},
		" smtp://10.0.0.1:25/ ":                {host: "10.0.0.1", port: "25", encryption: opportunistic, hello: "localhost"},
	} {
		got, err := parse(setting)
		if err != nil {
			t.Errorf("%s: %v", setting, err)
			continue
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(server{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", setting, diff)
		}
	}
}

func TestAWrongSettingIsExplainedWithoutRepeatingIt(t *testing.T) {
	for setting, hint := range map[string]string{
		"":                                      "must begin with smtp://",
		"http://u:s3cret@mx.example":            "must begin with smtp://",
		"mx.example:25":                         "must begin with smtp://",
		"smtp://":                               "names no host",
		"smtp://u:s3cret@":                      "names no host",
		"smtp://u:s3cret%@mx.example":           "cannot be read",
		"smtp://u:s3cret@mx.example:port":       "cannot be read",
		"smtp://u:s3cret@mx.example/inbox":      "must end after the port",
		"smtp://user@mx.example":                "user and the password, or neither",
		"smtp://u:s3cret@mx.example?tls=none":   "leave tls=none away",
		"smtp://mx.example?tls=maybe":           "tls=none or tls=mandatory",
		"smtps://mx.example?tls=none":           "tls=none or tls=mandatory",
		"smtp://u:s3cret@mx.example?speed=fast": "\"speed\"",
		"smtp://mx.example?hello=a%20b":         "\"hello\"",
	} {
		sender, err := New(setting)
		switch {
		case err == nil:
			t.Errorf("%s: taken as %v", setting, sender)
		case !strings.Contains(err.Error(), hint):
			t.Errorf("%s: %q does not say %q", setting, err, hint)
		case strings.Contains(err.Error(), "s3cret"):
			t.Errorf("%s: the error holds the password: %q", setting, err)
		}
	}
}
