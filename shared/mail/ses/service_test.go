package ses_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/mail"
	"github.com/tenantry/tenantry/shared/mail/ses"
)

// request is a request as the service gets it.
type request struct {
	ConfigurationSetName           string
	FeedbackForwardingEmailAddress string
	FromEmailAddress               string
	Destination                    struct{ ToAddresses, CcAddresses, BccAddresses []string }
	Content                        struct{ Raw struct{ Data []byte } }
}

// wire answers every request alike, and keeps them.
type wire struct {
	status     int
	kind, body string
	requests   []request
}

func (w *wire) ServeHTTP(response http.ResponseWriter, got *http.Request) {
	var one request
	if err := json.NewDecoder(got.Body).
		Decode(&one); err != nil || got.Method != http.MethodPost ||
		got.URL.Path != "/v2/email/outbound-emails" {
		response.WriteHeader(http.StatusTeapot)
		return
	}
	w.requests = append(w.requests, one)
	if w.kind != "" {
		response.Header().Set("X-Amzn-Errortype", w.kind)
	}
	response.WriteHeader(w.status)
	_, _ = response.Write([]byte(w.body))
}

func serve(t *testing.T, w *wire, region, configurationSet string) *ses.Sender {
	t.Helper()
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	return senderAt(server.URL, region, configurationSet)
}

func senderAt(address, region, configurationSet string) *ses.Sender {
	return ses.New(sesv2.New(sesv2.Options{
		BaseEndpoint: aws.String(address), Region: region, HTTPClient: new(http.Client),
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		Retryer:     retry.AddWithMaxBackoffDelay(retry.NewStandard(), 1),
	}), configurationSet)
}

var outgoing = mail.Outgoing{
	ID: "m-1", EnvelopeFrom: "bounce+t@help.example", To: "ana@customer.example",
	Raw: []byte("From: Support <support@help.example>\r\nTo: Ana <ana@customer.example>\r\nSubject: \xff\r\n\r\n.\r\n"),
}

func TestTheRawMailGoesToItsEnvelopesRecipientAlone(t *testing.T) {
	w := &wire{status: 200, body: `{"MessageId":"0100"}`}
	if _, err := serve(t, w, "us-east-1", "tenantry").Send(t.Context(), outgoing); err != nil {
		t.Fatal(err)
	}
	want := request{ConfigurationSetName: "tenantry", FeedbackForwardingEmailAddress: "bounce+t@help.example"}
	want.Destination.ToAddresses = []string{"ana@customer.example"}
	want.Content.Raw.Data = outgoing.Raw
	if diff := cmp.Diff([]request{want}, w.requests); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	unwanted := outgoing
	unwanted.EnvelopeFrom = ""
	if _, err := serve(
		t,
		w,
		"us-east-1",
		"",
	).Send(t.Context(), unwanted); err != nil || w.requests[1].FeedbackForwardingEmailAddress != "" ||
		w.requests[1].ConfigurationSetName != "" {
		t.Errorf("%+v, %v", w.requests[1], err)
	}
}

func TestTheMessageIDIsTheOneThatRecipientsSee(t *testing.T) {
	for region, want := range map[string]string{
		"us-east-1": "0100@email.amazonses.com", "eu-central-1": "0100@eu-central-1.amazonses.com",
	} {
		got, err := serve(t, &wire{status: 200, body: `{"MessageId":"0100"}`}, region, "").Send(t.Context(), outgoing)
		if err != nil || got != want {
			t.Errorf("%s: %q, %v, want %q", region, got, err, want)
		}
	}
	got, err := serve(t, &wire{status: 200, body: `{"MessageId":"0100@mail.example"}`}, "us-east-1",
		"").Send(t.Context(), outgoing)
	if err != nil || got != "0100@mail.example" {
		t.Errorf("a whole one: %q, %v", got, err)
	}
}

func TestARefusalForGoodIsToldFromWhatMayPass(t *testing.T) {
	for _, test := range []struct {
		status   int
		kind     string
		want     fault.Code
		requests int
	}{
		{400, "MessageRejected", fault.Invalid, 1},
		{400, "MailFromDomainNotVerifiedException", fault.Invalid, 1},
		{400, "BadRequestException", fault.Invalid, 1},
		{400, "AccountSuspendedException", fault.Unavailable, 1},
		{400, "SendingPausedException", fault.Unavailable, 1},
		{400, "LimitExceededException", fault.Unavailable, 3},
		{404, "NotFoundException", fault.Unavailable, 1},
		{403, "AccessDeniedException", fault.Unavailable, 1},
		{403, "ExpiredTokenException", fault.Unavailable, 1},
		{429, "TooManyRequestsException", fault.Unavailable, 3},
		{500, "InternalServiceError", fault.Unavailable, 3},
		{503, "", fault.Unavailable, 3},
	} {
		t.Run(fmt.Sprint(test.status, test.kind), func(t *testing.T) {
			w := &wire{status: test.status, kind: test.kind, body: `{"message":"no"}`}
			if _, err := serve(t, w, "us-east-1", "").Send(t.Context(), outgoing); !fault.Is(err, test.want) ||
				len(w.requests) != test.requests {
				t.Errorf("%v after %d requests, want %s after %d", err, len(w.requests), test.want, test.requests)
			}
		})
	}
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	if _, err := senderAt(server.URL, "us-east-1", "").Send(t.Context(), outgoing); !fault.Is(err, fault.Unavailable) {
		t.Errorf("nobody there: %v", err)
	}
}

func TestWhatIsNoBareAddressIsRefused(t *testing.T) {
	w := &wire{status: 200, body: `{"MessageId":"0100"}`}
	sender := serve(t, w, "us-east-1", "")
	for _, to := range []string{"", "ana", "a@b.example,c@d.example", "Ana <a@b.example>", "a@b.example\r\nBcc: c@d.example", "a@b@c.example"} {
		for _, message := range []mail.Outgoing{{To: to, Raw: outgoing.Raw}, {To: outgoing.To, EnvelopeFrom: to + " ", Raw: outgoing.Raw}} {
			if _, err := sender.Send(t.Context(), message); !fault.Is(err, fault.Invalid) {
				t.Errorf("%q: %v", to, err)
			}
		}
	}
	if len(w.requests) != 0 {
		t.Errorf("sent %+v", w.requests)
	}
}
