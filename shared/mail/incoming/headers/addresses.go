package headers

import (
	"io"
	"mime"
	"net/mail"
	"strings"

	"github.com/jhillyerd/enmime/v2"

	"github.com/tenantry/tenantry/shared/mail/incoming/mimepart"
	"github.com/tenantry/tenantry/shared/mail/incoming/parsed"
	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
)

const (
	maxAddresses = 200
	// MaxAddress is how long an address may be, in bytes.
	MaxAddress     = 320      // characters: 64 + '@' + 255 (RFC 5321, 4.5.3.1)
	maxAddressList = 64 << 10 // bytes of one header
)

var (
	nameAndAddress = plaintext.Pattern(`^(.*?)<([^<>\s]+@[^<>\s]+)>`)
	anyAddress     = plaintext.Pattern(`[^\s<>"'(),;:\[\]]+@[^\s<>"'(),;:\[\]]+`)
)

// Addresses parses the addresses of a header that may occur several times; charset is that of raw
// bytes. A header that cannot be parsed is searched for anything that looks like an address.
func Addresses(values []string, charset string) []parsed.Address {
	var all []parsed.Address
	for _, value := range values {
		for _, candidate := range addressList(mimepart.ToUTF8([]byte(plaintext.FirstBytes(value, maxAddressList)), charset)) {
			if address, ok := Normal(candidate); ok && len(all) < maxAddresses {
				all = append(all, address)
			}
		}
	}
	return all
}

func addressList(value string) []parsed.Address {
	if strings.TrimSpace(value) == "" {
		return nil
	}
	words := &mime.WordDecoder{CharsetReader: func(charset string, in io.Reader) (io.Reader, error) {
		raw, err := io.ReadAll(in)
		return strings.NewReader(mimepart.ToUTF8(raw, charset)), err
	}}
	list, err := (&mail.AddressParser{WordDecoder: words}).ParseList(value)
	if err != nil {
		if match := nameAndAddress().FindStringSubmatch(value); match != nil && onlyAddress(value, match) {
			return []parsed.Address{{Name: strings.Trim(match[1], ` "'`), Address: match[2]}}
		}
		list, err = enmime.ParseAddressList(value)
	}
	if err != nil {
		return search(value)
	}
	all := make([]parsed.Address, len(list))
	for i, address := range list {
		all[i] = parsed.Address{Name: address.Name, Address: address.Address}
	}
	return all
}

// search finds addresses in a header that cannot be parsed.
func search(value string) []parsed.Address {
	value = mimepart.DecodeWords(value)
	if match := nameAndAddress().FindStringSubmatch(value); match != nil && onlyAddress(value, match) {
		return []parsed.Address{{Name: strings.Trim(match[1], ` "'`), Address: match[2]}}
	}
	var addresses []parsed.Address
	for _, match := range anyAddress().FindAllString(value, maxAddresses) {
		addresses = append(addresses, parsed.Address{Address: match})
	}
	return addresses
}

// onlyAddress reports whether the header's only address is the one in angle brackets: what precedes
// it is a name, even if it looks like an address, as in "ana@x <ana@y>".
func onlyAddress(value string, match []string) bool {
	rest := strings.TrimSpace(value[len(match[0]):])
	return strings.Count(value, "@") == 1 ||
		rest == "" && strings.Count(value, "<") == 1 && !strings.ContainsAny(match[1], ",;")
}

// Normal returns an address in its normal form; false if it is invalid.
func Normal(a parsed.Address) (parsed.Address, bool) {
	bare := strings.ToLower(strings.Trim(plaintext.OneLine(a.Address, MaxAddress+1), "<>.,;"))
	local, domain, ok := strings.Cut(bare, "@")
	if !ok || local == "" || domain == "" || strings.ContainsAny(bare, " \t") || len([]rune(bare)) > MaxAddress {
		return parsed.Address{}, false
	}
	return parsed.Address{Name: plaintext.OneLine(mimepart.DecodeWords(a.Name), 200), Address: bare}, true
}

// Bare returns the addresses in headers that hold nothing else.
func Bare(values []string) []string {
	var all []string
	for _, address := range Addresses(values, "") {
		all = append(all, address.Address)
	}
	return all
}
