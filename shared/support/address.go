package support

import (
	"encoding/base32"
	"encoding/binary"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// The local parts of our own addresses:
//
//	support              opens a case for the sender's organization
//	support+<org id>     opens a case for the organization named (32 hexadecimal digits)
//	reply+<token>        answers a notice; the token says which case, to whom, and whether a note
//	bounce+<token>       is the envelope sender of our notices: reports of failed delivery come here
//
// A token is lower-case base32, as mail programs may change the case of letters, of the case's
// number (5 bytes), the person's id (16), the kind (1) and an HMAC (13): 56 letters, so that with the
// prefix it fits the 64 octets of a local part (RFC 5321, 4.5.3.1.1).
const (
	supportLocal = "support"
	replyLocal   = "reply"
	bounceLocal  = "bounce"

	replyKind  = 'c' // an answer becomes a comment
	noteKind   = 'n' // an answer becomes an internal note
	bounceKind = 'b'

	numberBytes = 5
	macBytes    = 13
)

// encoding is base32 (RFC 4648) in lower case without padding.
func encoding() *base32.Encoding {
	return base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)
}

// token is what an address says about a mail.
type token struct {
	number int64
	userID string
	kind   byte
}

func (t token) parts() []string {
	return []string{strconv.FormatInt(t.number, 10), t.userID, string(rune(t.kind))}
}

// address makes one of our addresses with a token.
func (d *Desk) address(local string, t token) string {
	user := uuid.MustParse(t.userID)
	var number [8]byte
	binary.BigEndian.PutUint64(number[:], uint64(t.number))
	data := append(number[8-numberBytes:], user[:]...)
	data = append(append(data, t.kind), d.keyring.Sign("address", t.parts()...)[:macBytes]...)
	return local + "+" + encoding().EncodeToString(data) + "@" + d.mailDomain
}

// readToken reads the token of a local part; false if it was not made here.
func (d *Desk) readToken(text string) (token, bool) {
	data, err := encoding().DecodeString(strings.ToLower(text))
	if err != nil || len(data) != numberBytes+16+1+macBytes || len(text) != encoding().EncodedLen(len(data)) {
		return token{}, false
	}
	var number [8]byte
	copy(number[8-numberBytes:], data)
	t := token{
		number: int64(binary.BigEndian.Uint64(number[:])), // five bytes: never negative
		userID: uuid.UUID(data[numberBytes : numberBytes+16]).String(),
		kind:   data[numberBytes+16],
	}
	return t, d.keyring.Signed(data[numberBytes+17:], "address", t.parts()...)
}

// SupportAddress is where a mail opens a case, and what our notices are from.
func (d *Desk) SupportAddress() string { return supportLocal + "@" + d.mailDomain }

// Accepts reports whether a mail to an address is for us. Whether the address means
// anything is found out later, so that nobody can find out by trying.
func (d *Desk) Accepts(address string) bool {
	local, domain, found := cutAddress(address)
	if !found || domain != d.mailDomain {
		return false
	}
	name, _, _ := strings.Cut(local, "+")
	switch name {
	case supportLocal, replyLocal, bounceLocal, "postmaster", "abuse": // the latter two by RFC 5321 4.5.1 and RFC 2142
		return true
	}
	return false
}

// cutAddress splits an address at its last @, in lower case.
func cutAddress(address string) (local, domain string, found bool) {
	address = strings.ToLower(address)
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return "", "", false
	}
	return address[:at], address[at+1:], true
}

// MaskAddress hides what is secret in one of our addresses: the token of an answer.
func MaskAddress(address string) string {
	local, domain, found := cutAddress(address)
	name, _, secret := strings.Cut(local, "+")
	if !found || !secret || name == supportLocal {
		return address
	}
	return name + "+…@" + domain
}

// destination is what the recipients of a mail say about it.
type destination struct {
	replies []token // the valid tokens of answers, each once
	forged  bool    // an answer's address whose token was not made here
	bounces []token // the valid tokens of envelope senders
	bounce  bool    // a report to the envelope sender of a notice
	support bool    // the support address
	orgID   string  // the organization named by it
}

// destinationOf reads a mail's recipients. A valid token wins over all else.
func (d *Desk) destinationOf(recipients []string) destination {
	var to destination
	for _, address := range recipients {
		local, domain, found := cutAddress(address)
		if !found || domain != d.mailDomain {
			continue
		}
		name, rest, _ := strings.Cut(local, "+")
		switch name {
		case replyLocal:
			if t, ok := d.readToken(rest); ok && (t.kind == replyKind || t.kind == noteKind) {
				if !slices.Contains(to.replies, t) {
					to.replies = append(to.replies, t)
				}
			} else {
				to.forged = true
			}
		case bounceLocal:
			to.bounce = true
			if t, ok := d.readToken(rest); ok && t.kind == bounceKind && !slices.Contains(to.bounces, t) {
				to.bounces = append(to.bounces, t)
			}
		case supportLocal:
			to.support = true
			if id, err := uuid.Parse(rest); err == nil {
				to.orgID = id.String()
			}
		}
	}
	return to
}

// answered are the addresses for answers that go with the ones for reports.
func (to destination) answered() []token {
	answers := slices.Clone(to.bounces)
	for i := range answers {
		answers[i].kind = replyKind
	}
	return answers
}
