package identity

import (
	"net/netip"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
)

// hidden stands for the part of a name or address that is left out.
const hidden = '…'

// MaskName returns the first letters of the words of a name, as in "A… N…" for Ana Novak. Where an
// address stands for a name, it is masked as one.
func MaskName(name string) string {
	words := strings.Fields(valid(name))
	for i, word := range words {
		if strings.Contains(word, "@") {
			words[i] = MaskEmail(word)
			continue
		}
		words[i] = initial(word)
	}
	return strings.Join(words, " ")
}

// MaskEmail returns the first character and the domain of an address, as in "a…@example.com". A text
// that is no address is masked like a name.
func MaskEmail(address string) string {
	address = valid(address)
	at := strings.LastIndexByte(address, '@')
	switch {
	case address == "":
		return ""
	case at < 0:
		return MaskName(address)
	}
	first, size := utf8.DecodeRuneInString(address[:at])
	if size == 0 || first == hidden || first == '@' || unicode.IsSpace(first) {
		return string(hidden) + address[at:]
	}
	return string(first) + string(hidden) + address[at:]
}

// MaskSource returns the network of a source address: its /24 of IPv4, and its /48 of IPv6. It
// returns "" for a text that is neither.
func MaskSource(address string) string {
	if network, err := netip.ParsePrefix(address); err == nil {
		return maskedNetwork(network.Addr(), network.Bits())
	}
	if single, err := netip.ParseAddr(address); err == nil {
		return maskedNetwork(single, single.BitLen())
	}
	return ""
}

func maskedNetwork(address netip.Addr, bits int) string {
	if address.Is4In6() {
		address, bits = address.Unmap(), max(bits-96, 0)
	}
	widest := 48
	if address.Is4() {
		widest = 24
	}
	network, err := address.WithZone("").Prefix(min(bits, widest))
	if err != nil {
		return ""
	}
	return network.String()
}

// MaskText masks the mail addresses in a sentence that the program wrote, and the names that it
// is known to have. What stands before the @ of an address is masked where it stands alone too, as
// mail servers repeat it.
func MaskText(text string, names ...string) string {
	text = valid(text)
	for _, name := range names {
		if masked := MaskName(name); name != "" && masked != name {
			text = replaceWords(text, name, masked)
		}
	}
	var masked strings.Builder
	var locals []string
	for {
		at := strings.IndexByte(text, '@')
		if at < 0 {
			masked.WriteString(text)
			return maskWords(masked.String(), locals)
		}
		begin := strings.LastIndexFunc(text[:at], aroundAddress)
		if begin >= 0 {
			_, size := utf8.DecodeRuneInString(text[begin:])
			begin += size
		}
		begin = max(begin, 0)
		locals = append(locals, text[begin:at])
		masked.WriteString(text[:begin])
		masked.WriteString(MaskEmail(text[begin : at+1]))
		text = text[at+1:]
	}
}

// replaceWords replaces a name in a text where it is not a part of a longer word.
func replaceWords(text, name, by string) string {
	var replaced strings.Builder
	for {
		at := strings.Index(text, name)
		if at < 0 {
			replaced.WriteString(text)
			return replaced.String()
		}
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[at+len(name):])
		replaced.WriteString(text[:at])
		if inWord(before) || inWord(after) {
			replaced.WriteString(name)
		} else {
			replaced.WriteString(by)
		}
		text = text[at+len(name):]
	}
}

func inWord(r rune) bool { return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// maskWords masks those words of a text that are among some.
func maskWords(text string, words []string) string {
	const shortest = 3 // shorter ones are common words
	words = slices.DeleteFunc(words, func(word string) bool { return utf8.RuneCountInString(word) < shortest })
	if len(words) == 0 {
		return text
	}
	var masked strings.Builder
	for before := rune(0); text != ""; {
		end := strings.IndexFunc(text, aroundAddress)
		if end < 0 {
			end = len(text)
		}
		word := strings.TrimRight(text[:end], ".!?")
		if before != '@' && slices.ContainsFunc(words, func(other string) bool { return strings.EqualFold(other, word) }) {
			masked.WriteString(MaskName(word) + text[len(word):end])
		} else {
			masked.WriteString(text[:end])
		}
		separator, size := utf8.DecodeRuneInString(text[end:])
		masked.WriteString(text[end : end+size])
		before, text = separator, text[end+size:]
	}
	return masked.String()
}

// aroundAddress reports whether a character ends an address in a sentence.
func aroundAddress(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`<>()[],;:"@`, r) }

// CheckRawMail returns a fault if the principal may not see the mails of an organization's people as
// they arrived: their headers have names and addresses that nothing masks.
func (p Principal) CheckRawMail(place Place) error {
	if p.May(SeePersonalData, place) {
		return nil
	}
	return NoPersonalData(place, "a mail is not shown as it arrived")
}

// NoPersonalData returns the fault for what needs the personal data of people whose organization has
// not consented to it; what completes a sentence, as in "a list cannot be sorted by names".
func NoPersonalData(place Place, what string) error {
	if place.Scope != OrgScope {
		place.Name = "An organization here"
	}
	return fault.New(fault.Forbidden,
		"%s has not given its consent %s, so that %s. Ask for it.",
		place.Name, PersonalData, what).Calling("Use POST /orgs/{org_id}/consents/requests.")
}

// MaskActor returns an actor as the principal sees them in an organization that has not consented to
// personal data. Those who work for a provider, the platform itself and the principal are not masked.
func (p Principal) MaskActor(actor change.Actor) change.Actor {
	if actor.Provider || actor.Kind == change.Platform || actor.ID != "" && actor.ID == p.UserID {
		return actor
	}
	actor.Name, actor.Email = MaskName(actor.Name), MaskEmail(actor.Email)
	actor.SourceAddress = MaskSource(actor.SourceAddress)
	return actor
}

// Masked reports whether a text may be a masked form rather than what it stands for.
func Masked(text string) bool { return strings.ContainsRune(text, hidden) }

// initial returns the first letter of a word; nothing of a word that has no other.
func initial(word string) string {
	first, size := utf8.DecodeRuneInString(word)
	if first == hidden || size == len(word) {
		return string(hidden)
	}
	return string(first) + string(hidden)
}

// valid returns a text in which what is not UTF-8 is replaced.
func valid(text string) string { return strings.ToValidUTF8(text, string(utf8.RuneError)) }
