//go:build emulator

package ses_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/mail"
	"github.com/tenantry/tenantry/shared/mail/ses"
	"github.com/tenantry/tenantry/shared/store/emulator"
)

func TestAMailOfAVerifiedDomainIsTaken(t *testing.T) {
	emulator.Each(t, func(t *testing.T, _ string, settings aws.Config) {
		client := sesv2.NewFromConfig(settings)
		if _, err := client.CreateEmailIdentity(
			t.Context(),
			&sesv2.CreateEmailIdentityInput{EmailIdentity: aws.String("help.example")},
		); err != nil {
			t.Fatal(err)
		}
		sender := ses.New(client, "")
		message := mail.Outgoing{
			ID:           "m-1",
			EnvelopeFrom: "bounce+t@help.example",
			To:           "ana@customer.example",
			Raw: []byte(
				"From: Support <support@help.example>\r\nTo: Ana <ana@customer.example>\r\nSubject: x\r\n\r\nx\r\n",
			),
		}
		wireID, err := sender.Send(t.Context(), message)
		if err != nil || !regexp.MustCompile(`^[0-9a-z-]{30,80}@email\.amazonses\.com$`).MatchString(wireID) {
			t.Errorf("%q, %v", wireID, err)
		}
		message.Raw = []byte(
			strings.ReplaceAll(string(message.Raw), "support@help.example", "support@stranger.example"),
		)
		if _, err := sender.Send(t.Context(), message); !fault.Is(err, fault.Invalid) {
			t.Errorf("a sender of another domain: %v", err)
		}
	})
}
