package mailthread

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
//	support+<org id>     opens a case for the given organization (32 hexadecimal digits)
//	reply+<token>        replies to a notice; the token has the case, the recipient and the kind
//	bounce+<token>       is the envelope sender of our mails; reports of failed delivery go here
//
// A token is lower-case base32, because mail programs may change the case of letters. It has the
// case's number (5 bytes), the person's ID (16), the kind (1) and an HMAC (13): 56 letters, so that
// with the prefix it fits the 64 octets of a local part (RFC 5321, 4.5.3.1.1).
const (
	SupportLocal = "support"
	ReplyLocal   = "reply"
	BounceLocal  = "bounce"

	ReplyKind  = 'c' // a reply becomes a comment
	NoteKind   = 'n' // a reply becomes an internal note
	BounceKind = 'b'
	// MailingKind is the kind of the bounce address of a mail to many organizations. Its user is the
	// organization, and its number says which recipient of which mail it is.
	MailingKind = 'm'

	numberBytes = 5
	macBytes    = 13
)

// encoding is base32 (RFC 4648) in lower case without padding.
func encoding() *base32.Encoding {
	return base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)
}

// Token is the content of a reply or bounce address.
type Token struct {
	Number int64
	UserID string
	Kind   byte
}

func (t Token) parts() []string {
	return []string{strconv.FormatInt(t.Number, 10), t.UserID, string(rune(t.Kind))}
}

// Address returns one of our addresses with a token.
func (s *Service) Address(local string, t Token) string {
	user := uuid.MustParse(t.UserID)
	var number [8]byte
	binary.BigEndian.PutUint64(number[:], uint64(t.Number))
	data := append(number[8-numberBytes:], user[:]...)
	data = append(append(data, t.Kind), s.keyring.Sign("address", t.parts()...)[:macBytes]...)
	return local + "+" + encoding().EncodeToString(data) + "@" + s.mailDomain
}

// readToken parses the token of a local part; false if it was not generated here.
func (s *Service) readToken(text string) (Token, bool) {
	data, err := encoding().DecodeString(strings.ToLower(text))
	if err != nil || len(data) != numberBytes+16+1+macBytes || len(text) != encoding().EncodedLen(len(data)) {
		return Token{}, false
	}
	var number [8]byte
	copy(number[8-numberBytes:], data)
	t := Token{
		Number: int64(binary.BigEndian.Uint64(number[:])), // five bytes, so never negative
		UserID: uuid.UUID(data[numberBytes : numberBytes+16]).String(),
		Kind:   data[numberBytes+16],
	}
	return t, s.keyring.Signed(data[numberBytes+17:], "address", t.parts()...)
}

// SupportAddress returns the address that opens cases, and that our notices are from.
func (s *Service) SupportAddress() string { return SupportLocal + "@" + s.mailDomain }

// OrgAddress returns the address that opens cases of an organization.
func (s *Service) OrgAddress(orgID string) string {
	return SupportLocal + "+" + strings.ReplaceAll(orgID, "-", "") + "@" + s.mailDomain
}

// Accepts reports whether mail to an address is for us. A reply or bounce address must have a token
// that was generated here. Nobody can find a valid one by trying: it has 104 bits of an HMAC.
func (s *Service) Accepts(address string) bool {
	if !s.Own(address) {
		return false
	}
	local, _, _ := cutAddress(address)
	name, rest, _ := strings.Cut(local, "+")
	if name != ReplyLocal && name != BounceLocal {
		return true
	}
	t, ok := s.readToken(rest)
	return ok && t.fits(name)
}

// fits reports whether a token belongs into an address with the given local part.
func (t Token) fits(local string) bool {
	if local == BounceLocal {
		return t.Kind == BounceKind || t.Kind == MailingKind
	}
	return t.Kind == ReplyKind || t.Kind == NoteKind
}

// Own reports whether an address has the form of one of our own, with whatever token.
func (s *Service) Own(address string) bool {
	local, domain, ok := cutAddress(address)
	if !ok || domain != s.mailDomain {
		return false
	}
	name, _, _ := strings.Cut(local, "+")
	switch name {
	case SupportLocal, ReplyLocal, BounceLocal, "postmaster", "abuse": // RFC 5321 4.5.1 and RFC 2142 require the last two
		return true
	}
	return false
}

// cutAddress splits an address at its last @, in lower case.
func cutAddress(address string) (local, domain string, ok bool) {
	address = strings.ToLower(address)
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return "", "", false
	}
	return address[:at], address[at+1:], true
}

// MaskAddress hides the secret part of one of our addresses: the token of a reply.
func MaskAddress(address string) string {
	local, domain, ok := cutAddress(address)
	name, _, secret := strings.Cut(local, "+")
	if !ok || !secret || name == SupportLocal {
		return address
	}
	return name + "+…@" + domain
}

// Destination is what the recipients of a mail say about it.
type Destination struct {
	Replies []Token  // the valid tokens of reply addresses, without duplicates
	Forged  bool     // there is a reply address whose token was not generated here
	Bounces []Token  // the valid tokens of bounce addresses
	Bounce  bool     // a report to the envelope sender of a notice
	Support bool     // the support address
	OrgIDs  []string // the organizations named by support addresses, each once
}

// DestinationOf parses the recipients of a mail. A valid token takes precedence over everything
// else.
func (s *Service) DestinationOf(recipients []string) Destination {
	var to Destination
	for _, address := range recipients {
		local, domain, exists := cutAddress(address)
		if !exists || domain != s.mailDomain {
			continue
		}
		name, rest, _ := strings.Cut(local, "+")
		switch name {
		case ReplyLocal:
			if t, ok := s.readToken(rest); ok && t.fits(name) {
				if !slices.Contains(to.Replies, t) {
					to.Replies = append(to.Replies, t)
				}
			} else {
				to.Forged = true
			}
		case BounceLocal:
			to.Bounce = true
			if t, ok := s.readToken(rest); ok && t.fits(name) && !slices.Contains(to.Bounces, t) {
				to.Bounces = append(to.Bounces, t)
			}
		case SupportLocal:
			to.Support = true
			if id, err := uuid.Parse(rest); err == nil {
				if id := id.String(); !slices.Contains(to.OrgIDs, id) {
					to.OrgIDs = append(to.OrgIDs, id)
				}
			}
		}
	}
	return to
}

// Mailing returns the token of a mail to many organizations among the bounce tokens.
func (to Destination) Mailing() (Token, bool) {
	at := slices.IndexFunc(to.Bounces, func(t Token) bool { return t.Kind == MailingKind })
	if at < 0 {
		return Token{}, false
	}
	return to.Bounces[at], true
}

// Answered returns the reply tokens that correspond to the bounce tokens of cases.
func (to Destination) Answered() []Token {
	answers := slices.DeleteFunc(slices.Clone(to.Bounces), func(t Token) bool { return t.Kind == MailingKind })
	for i := range answers {
		answers[i].Kind = ReplyKind
	}
	return answers
}
