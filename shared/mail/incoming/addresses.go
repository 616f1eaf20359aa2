package incoming

import (
	"io"
	"mime"
	"net/mail"
	"strings"

	"github.com/jhillyerd/enmime/v2"
)

const (
	maxAddresses   = 200
	maxAddress     = 320      // characters: 64 + '@' + 255 (RFC 5321, 4.5.3.1)
	maxAddressList = 64 << 10 // bytes of one header
)

var (
	nameAndAddress = pattern(`^(.*?)<([^<>\s]+@[^<>\s]+)>`)
	anyAddress     = pattern(`[^\s<>"'(),;:\[\]]+@[^\s<>"'(),;:\[\]]+`)
)

// addresses reads the addresses of a header that may occur several times. What follows
// no grammar is searched for anything that looks like an address.
func addresses(values []string) []Address {
	var all []Address
	for _, value := range values {
		for _, found := range addressList(toUTF8([]byte(firstBytes(value, maxAddressList)), "")) {
			if address, ok := normal(found); ok && len(all) < maxAddresses {
				all = append(all, address)
			}
		}
	}
	return all
}

func addressList(value string) []Address {
	if strings.TrimSpace(value) == "" {
		return nil
	}
	words := &mime.WordDecoder{CharsetReader: func(charset string, in io.Reader) (io.Reader, error) {
		raw, err := io.ReadAll(in)
		return strings.NewReader(toUTF8(raw, charset)), err
	}}
	parsed, err := (&mail.AddressParser{WordDecoder: words}).ParseList(value)
	if err != nil {
		parsed, err = enmime.ParseAddressList(value)
	}
	if err != nil {
		return search(value)
	}
	found := make([]Address, len(parsed))
	for i, address := range parsed {
		found[i] = Address{Name: address.Name, Address: address.Address}
	}
	return found
}

// search finds addresses in a header that cannot be parsed.
func search(value string) []Address {
	value = decodeWords(value)
	if match := nameAndAddress().FindStringSubmatch(value); match != nil && strings.Count(value, "@") == 1 {
		return []Address{{Name: strings.Trim(match[1], ` "'`), Address: match[2]}}
	}
	var found []Address
	for _, match := range anyAddress().FindAllString(value, maxAddresses) {
		found = append(found, Address{Address: match})
	}
	return found
}

// normal cleans an address; false for what cannot be one.
func normal(a Address) (Address, bool) {
	bare := strings.ToLower(strings.Trim(oneLine(a.Address, maxAddress+1), "<>.,;"))
	local, domain, ok := strings.Cut(bare, "@")
	if !ok || local == "" || domain == "" || strings.ContainsAny(bare, " \t") || len([]rune(bare)) > maxAddress {
		return Address{}, false
	}
	return Address{Name: oneLine(decodeWords(a.Name), 200), Address: bare}, true
}

func bare(values []string) []string {
	var all []string
	for _, address := range addresses(values) {
		all = append(all, address.Address)
	}
	return all
}
