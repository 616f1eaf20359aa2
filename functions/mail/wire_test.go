package mail_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"github.com/tenantry/tenantry/functions/mail"
	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/mail/ses"
	"github.com/tenantry/tenantry/shared/support"
)

func TestTheThreadHasTheMessageIDAsSent(t *testing.T) {
	w := newWorld(t)
	sent := 0
	server := httptest.NewServer(http.HandlerFunc(func(response http.ResponseWriter, _ *http.Request) {
		sent++
		_, _ = fmt.Fprintf(response, `{"MessageId":"0100-%d"}`, sent)
	}))
	t.Cleanup(server.Close)
	client := sesv2.New(sesv2.Options{
		BaseEndpoint: aws.String(server.URL), Region: "eu-central-1", HTTPClient: new(http.Client),
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
	w.send = mail.Send(mail.SendServices{
		Journal:  w.Journal,
		Accounts: w.Accounts,
		Tenants:  w.Tenants,
		Set:      w.Set,
		Logos:    w.Logos,
		Queues:   w.Queues,
		Sender:   ses.New(client, ""),
		BaseURL:  apptest.BaseURL,
		Domain:   apptest.MailDomain,
	})
	c := w.newCase("No Wi-Fi")
	w.sendAll() // the first mail is to the customer, the second to the operator
	w.comment(w.agent, c, "We look into it.")
	w.sendAll()
	content, err := w.Notifications.Compose(t.Context(),
		support.Notice{Event: support.Changed, OrgID: c.OrgID, CaseID: c.ID, UserID: w.customer.UserID})
	if want := []string{
		"0100-1@eu-central-1.amazonses.com",
		"0100-3@eu-central-1.amazonses.com",
	}; err != nil ||
		!slices.Equal(content.References, want) {
		t.Errorf("references %v, %v, want %v", content.References, err, want)
	}
}
