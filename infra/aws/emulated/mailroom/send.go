package mailroom

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/mail"
	"net/smtp"
	"regexp"
	"strings"
)

// Outgoing is a raw mail that was sent through SES.
type Outgoing struct {
	// ID is the one that SES assigned.
	ID string
	// From is the envelope's sender, To are its recipients.
	From string
	To   []string
	// Raw is the mail as recipients get it.
	Raw []byte
}

// ReadOutgoing reads a call of SES v2's SendEmail with a raw mail, and the response. It reports
// false if the call sent no raw mail or failed.
func ReadOutgoing(request, answer []byte, region string) (Outgoing, bool, error) {
	var input struct {
		FromEmailAddress string
		Destination      struct{ ToAddresses, CcAddresses, BccAddresses []string }
		Content          struct{ Raw *struct{ Data []byte } }
	}
	var output struct {
		ID string `json:"MessageId"`
	}
	if err := json.Unmarshal(request, &input); err != nil {
		return Outgoing{}, false, err
	}
	if err := json.Unmarshal(answer, &output); err != nil {
		return Outgoing{}, false, err
	}
	if input.Content.Raw == nil || output.ID == "" {
		return Outgoing{}, false, nil
	}
	sender, err := mail.ParseAddress(input.FromEmailAddress)
	if input.FromEmailAddress == "" {
		sender, err = senderOf(input.Content.Raw.Data)
	}
	if err != nil {
		return Outgoing{}, false, fmt.Errorf("the sender of a mail: %w", err)
	}
	out := Outgoing{
		ID:   output.ID,
		From: sender.Address,
		Raw:  withMessageID(input.Content.Raw.Data, output.ID+"@"+region+".amazonses.com"),
	}
	for _, list := range [][]string{input.Destination.ToAddresses, input.Destination.CcAddresses,
		input.Destination.BccAddresses} {
		for _, one := range list {
			to, err := mail.ParseAddress(one)
			if err != nil {
				return Outgoing{}, false, fmt.Errorf("a recipient of a mail: %w", err)
			}
			out.To = append(out.To, to.Address)
		}
	}
	return out, true, nil
}

func senderOf(raw []byte) (*mail.Address, error) {
	message, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	return mail.ParseAddress(message.Header.Get("From"))
}

var messageIDLine = regexp.MustCompile(`(?im)^message-id:[^\n]*\n([ \t][^\n]*\n)*`)

// withMessageID sets the header Message-ID, as SES does with every mail ("Header fields in Amazon
// SES": a sender's own is overridden).
func withMessageID(raw []byte, id string) []byte {
	head, body, found := bytes.Cut(raw, []byte("\r\n\r\n"))
	if !found {
		return raw
	}
	rest := messageIDLine.ReplaceAll(append(head, "\r\n"...), nil)
	return fmt.Appendf(nil, "Message-ID: <%s>\r\n%s\r\n%s", id, rest, body)
}

// Deliver sends a mail to the mail server at an address, once for each recipient, as SES does.
func (o Outgoing) Deliver(address string) error {
	for _, to := range o.To {
		if err := smtp.SendMail(address, nil, o.From, []string{to}, o.Raw); err != nil {
			return fmt.Errorf("deliver %s to %s: %w", o.ID, strings.ToLower(to), err)
		}
	}
	return nil
}
