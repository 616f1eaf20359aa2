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

// Outgoing is a raw mail that SES was given.
type Outgoing struct {
	// ID is the one that SES answered.
	ID string
	// From is the envelope's sender, To are its receivers.
	From string
	To   []string
	// Raw is the mail as receivers get it.
	Raw []byte
}

// ReadOutgoing reads a call of SES v2's SendEmail with a raw mail, and its answer. It gives false
// for what is neither.
func ReadOutgoing(request, answer []byte, region string) (Outgoing, bool, error) {
	var asked struct {
		FromEmailAddress string
		Destination      struct{ ToAddresses, CcAddresses, BccAddresses []string }
		Content          struct{ Raw *struct{ Data []byte } }
	}
	var given struct {
		ID string `json:"MessageId"`
	}
	if err := json.Unmarshal(request, &asked); err != nil {
		return Outgoing{}, false, err
	}
	if err := json.Unmarshal(answer, &given); err != nil {
		return Outgoing{}, false, err
	}
	if asked.Content.Raw == nil || given.ID == "" {
		return Outgoing{}, false, nil
	}
	sender, err := mail.ParseAddress(asked.FromEmailAddress)
	if asked.FromEmailAddress == "" {
		sender, err = senderOf(asked.Content.Raw.Data)
	}
	if err != nil {
		return Outgoing{}, false, fmt.Errorf("the sender of a mail: %w", err)
	}
	out := Outgoing{
		ID:   given.ID,
		From: sender.Address,
		Raw:  withMessageID(asked.Content.Raw.Data, given.ID+"@"+region+".amazonses.com"),
	}
	for _, list := range [][]string{asked.Destination.ToAddresses, asked.Destination.CcAddresses, asked.Destination.BccAddresses} {
		for _, one := range list {
			to, err := mail.ParseAddress(one)
			if err != nil {
				return Outgoing{}, false, fmt.Errorf("a receiver of a mail: %w", err)
			}
			out.To = append(out.To, to.Address)
		}
	}
	return out, true, nil
}

func senderOf(raw []byte) (*mail.Address, error) {
	read, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	return mail.ParseAddress(read.Header.Get("From"))
}

var messageIDLine = regexp.MustCompile(`(?im)^message-id:[^\n]*\n([ \t][^\n]*\n)*`)

// withMessageID sets the header Message-ID, as SES does with every mail ("Header fields in Amazon
// SES": what the sender put there is overridden).
func withMessageID(raw []byte, id string) []byte {
	head, body, found := bytes.Cut(raw, []byte("\r\n\r\n"))
	if !found {
		return raw
	}
	kept := messageIDLine.ReplaceAll(append(head, "\r\n"...), nil)
	return fmt.Appendf(nil, "Message-ID: <%s>\r\n%s\r\n%s", id, kept, body)
}

// Deliver hands a mail to the mail server at an address, once for each receiver, as SES does.
func (o Outgoing) Deliver(address string) error {
	for _, to := range o.To {
		if err := smtp.SendMail(address, nil, o.From, []string{to}, o.Raw); err != nil {
			return fmt.Errorf("deliver %s to %s: %w", o.ID, strings.ToLower(to), err)
		}
	}
	return nil
}
