package mailroom_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/smtp"
	"strings"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/infra/aws/emulated/mailroom"
)

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// store is a bucket and a topic.
type store struct {
	key          string
	raw          []byte
	notification []byte
	broken       error
}

func (s *store) receiver(t *testing.T) string {
	t.Helper()
	r := &mailroom.Receiver{
		Domain: "help.example.com",
		Prefix: "mail/ses/",
		Bucket: "files",
		Topic:  "arn:aws:sns:eu-central-1:000000000000:received",
		Put: func(_ context.Context, key string, raw []byte) error {
			s.key, s.raw = key, raw
			return s.broken
		},
		Publish: func(_ context.Context, notification []byte) error {
			s.notification = notification
			return nil
		},
		Now: func() time.Time { return time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC) },
		Log: slog.New(slog.DiscardHandler),
	}
	address, err := r.Start(t.Context(), "127.0.0.1:0")
	check(t, err)
	t.Cleanup(r.Close)
	return address
}

const raw = "From: Carlo <carlo@example.net>\r\nTo: support@help.example.com\r\nSubject: hello\r\nMessage-ID: " +
	"<a@example.net>\r\n\r\nThe lobby is dark.\r\n"

func TestAMailIsInTheBucketWhenTheTopicTellsOfIt(t *testing.T) {
	var s store
	check(t, smtp.SendMail(s.receiver(t), nil, "carlo@example.net", []string{"Support@Help.example.com"}, []byte(raw)))
	if !strings.HasPrefix(s.key, "mail/ses/") || !strings.HasSuffix(string(s.raw), raw) ||
		!strings.HasPrefix(string(s.raw), "Return-Path: <carlo@example.net>\r\n") {
		t.Errorf("the bucket has %s: %q", s.key, s.raw)
	}
	var notifications struct {
		NotificationType string
		Mail             struct {
			Source        string
			Destination   []string
			CommonHeaders struct{ Subject string }
		}
		Receipt struct {
			Recipients  []string
			SpamVerdict struct{ Status string }
			Action      struct{ Type, BucketName, ObjectKey string }
		}
	}
	check(t, json.Unmarshal(s.notification, &notifications))
	got := []string{
		notifications.NotificationType,
		notifications.Mail.Source,
		notifications.Mail.Destination[0],
		notifications.Mail.CommonHeaders.Subject,
		notifications.Receipt.Recipients[0],
		notifications.Receipt.SpamVerdict.Status,
		notifications.Receipt.Action.Type,
		notifications.Receipt.Action.BucketName,
		notifications.Receipt.Action.ObjectKey,
	}
	want := []string{
		"Received", "carlo@example.net", "Support@Help.example.com", "hello", "Support@Help.example.com", "PASS", "S3",
		"files", s.key,
	}
	if difference := cmp.Diff(want, got); difference != "" {
		t.Errorf("the notification (-want +got):\n%s", difference)
	}
}

func TestMailForAnotherDomainIsRefusedAndWhatCannotBeStoredComesAgain(t *testing.T) {
	s := store{broken: errors.New("no space")}
	address := s.receiver(t)
	err := smtp.SendMail(address, nil, "carlo@example.net", []string{"someone@example.org"}, []byte(raw))
	if err == nil || !strings.HasPrefix(err.Error(), "550") {
		t.Errorf("another domain: %v", err)
	}
	err = smtp.SendMail(address, nil, "carlo@example.net", []string{"support@help.example.com"}, []byte(raw))
	if err == nil || !strings.HasPrefix(err.Error(), "451") {
		t.Errorf("a bucket that fails: %v", err)
	}
	if s.notification != nil {
		t.Errorf("the topic announced a mail that is not there: %s", s.notification)
	}
}

func TestAMailGoesOutWithTheMessageIDThatSESGivesIt(t *testing.T) {
	request, err := json.Marshal(map[string]any{
		"FromEmailAddress": "Adria <support@help.example.com>",
		"Destination": map[string]any{
			"ToAddresses": []string{"Carlo <carlo@example.net>"},
			"CcAddresses": []string{"hanna@example.net"},
		},
		"Content": map[string]any{
			"Raw": map[string]any{
				"Data": []byte(
					"Subject: hi\r\nMessage-Id:\r\n <own@help.example.com>\r\nReply-To: r@help.example.com\r\n\r\n" +
						"Message-ID: in the text\r\n",
				),
			},
		},
	})
	check(t, err)
	mail, ok, err := mailroom.ReadOutgoing(request, []byte(`{"MessageId":"0100"}`), "eu-central-1")
	check(t, err)
	want := mailroom.Outgoing{
		ID:   "0100",
		From: "support@help.example.com",
		To:   []string{"carlo@example.net", "hanna@example.net"},
		Raw: []byte(
			"Message-ID: <0100@eu-central-1.amazonses.com>\r\nSubject: hi\r\nReply-To: r@help.example.com\r\n\r\n" +
				"Message-ID: in the text\r\n",
		),
	}
	if difference := cmp.Diff(want, mail); difference != "" || !ok {
		t.Errorf("%v (-want +got):\n%s", ok, difference)
	}
	sink := openSink(t)
	check(t, mail.Deliver(sink.address))
	if difference := cmp.Diff([]string{"carlo@example.net", "hanna@example.net"}, sink.to); difference != "" {
		t.Errorf("the recipients (-want +got):\n%s", difference)
	}
}

func TestWhatIsNoRawMailIsNotHandedOn(t *testing.T) {
	for name, one := range map[string][2]string{
		"a mail of parts": {`{"FromEmailAddress":"a@b.example","Content":{"Simple":{}}}`, `{"MessageId":"1"}`},
		"an error":        {`{"FromEmailAddress":"a@b.example","Content":{"Raw":{"Data":"YQ=="}}}`, `{"message":"no"}`},
	} {
		if mail, ok, err := mailroom.ReadOutgoing([]byte(one[0]), []byte(one[1]), "eu-central-1"); ok || err != nil {
			t.Errorf("%s: %v, %v, %v", name, mail, ok, err)
		}
	}
}

// sink is a recipient's mail server.
type sink struct {
	address string
	to      []string
}

func openSink(t *testing.T) *sink {
	t.Helper()
	s := &sink{}
	server := gosmtp.NewServer(gosmtp.BackendFunc(func(*gosmtp.Conn) (gosmtp.Session, error) { return s, nil }))
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	check(t, err)
	s.address = listener.Addr().String()
	go func() { _ = server.Serve(listener) }() // returns when the server is closed
	t.Cleanup(func() { _ = server.Close() })
	return s
}

func (s *sink) Reset()                                 {}
func (s *sink) Logout() error                          { return nil }
func (s *sink) Mail(string, *gosmtp.MailOptions) error { return nil }
func (s *sink) Rcpt(to string, _ *gosmtp.RcptOptions) error {
	s.to = append(s.to, to)
	return nil
}

func (s *sink) Data(r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	return err
}
