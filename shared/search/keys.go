package search

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tenantry/tenantry/shared/store/table"
)

// generation names the rows of one building of a space's index. All keys begin with the
// space, which the caller derived from the scope that was authorized.
type generation struct {
	space   string
	number  int64
	buckets int
}

func stateKey(space string) table.Key { return derived(space+"#INDEX", "STATE") }

// goneKey is that of the row that remembers at which version a document was removed. It
// outlives the generations.
func tombstoneKey(space string, number int64) table.Key {
	return derived(space+"#INDEX#GONE", ordered(number))
}

func derived(partition, sort string) table.Key {
	return table.Key{Table: table.Derived, Partition: partition, Sort: sort}
}

func (g generation) partition(name string) string {
	return g.space + "#INDEX#" + strconv.FormatInt(g.number, 10) + "#" + name
}

func (g generation) documents() string        { return g.partition("DOCUMENT") }
func (g generation) texts() string            { return g.partition("TEXT") }
func (g generation) fresh() string            { return g.partition("FRESH") }
func (g generation) counters() string         { return g.partition("COUNT") }
func (g generation) order(name string) string { return g.partition("ORDER#" + short(name)) }
func (g generation) bucket(kind string, number int) string {
	return g.partition(fmt.Sprintf("%s#%02d", kind, number))
}

// partitions names all partitions of a generation that has such orders.
func (g generation) partitions(orders []string) []string {
	all := []string{g.documents(), g.texts(), g.fresh(), g.counters()}
	for _, name := range orders {
		all = append(all, g.order(name))
	}
	for number := range g.buckets {
		all = append(all, g.bucket("TERM", number), g.bucket("GRAM", number))
	}
	return all
}

// place is where the rows of one posting list are: their sort keys are its prefix and the
// number of a block.
type place struct{ partition, prefix string }

func (g generation) term(term Term) place {
	return g.place("TERM", short(term.Field)+"#"+short(term.Value))
}

func (g generation) ngram(gram ngram) place { return g.place("GRAM", escape(gram.text())) }

func (g generation) place(kind, name string) place {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(name))
	return place{g.bucket(kind, int(hash.Sum32()%uint32(g.buckets))), name + "#"}
}

func (p place) row(block int64) table.Key { return derived(p.partition, p.prefix+ordered(block)) }

func (g generation) counter(term Term) table.Key {
	return derived(g.counters(), short(term.Field)+"#"+short(term.Value))
}

// ordered writes a number that is not negative so that the order of bytes is the order of
// numbers: a letter for the count of digits stands before the digits.
func ordered(number int64) string {
	digits := strconv.FormatInt(number, 10)
	return string(rune('a'+len(digits)-1)) + digits
}

func parseOrdered(text string) (int64, error) {
	if text == "" {
		return 0, fmt.Errorf("search: no number in a key")
	}
	return strconv.ParseInt(text[1:], 10, 64)
}

// escape writes a text as a part of a key: without the separator, and without control
// characters. Different texts stay different.
func escape(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	var written strings.Builder
	for i := range len(text) {
		if letter := text[i]; letter < ' ' || letter == '#' || letter == '%' || letter == 0x7f {
			fmt.Fprintf(&written, "%%%02x", letter)
		} else {
			written.WriteByte(letter)
		}
	}
	return written.String()
}

// longestValue is how many bytes of a field or a value stand in keys as they are.
const maxKeyPart = 200

// short is escape for texts of any length: of a long one, the beginning and a hash.
func short(value string) string {
	escaped := escape(value)
	if len(escaped) <= maxKeyPart {
		return escaped
	}
	sum := sha256.Sum256([]byte(value))
	return cut(escaped, maxKeyPart) + "%~" + hex.EncodeToString(sum[:16])
}

// cut returns the beginning of a text, of up to so many bytes, that ends with a whole letter.
func cut(text string, bytes int) string {
	if len(text) <= bytes {
		return text
	}
	for bytes > 0 && !utf8.RuneStart(text[bytes]) {
		bytes--
	}
	return text[:bytes]
}

const (
	// longestOrder is how many bytes of a value count in an order.
	maxOrderBytes = 300
	// orderEnd stands behind the value. It is less than every byte of an encoded value, so
	// that a value comes before those that go on.
	orderEnd = " "
	// orderEscape stands before the two hexadecimal digits of a byte that is not more than it.
	orderEscape = '!'
)

// orderSort returns the sort key of a document in an order: by the bytes of the value, then by
// number.
func orderSort(value string, number int64) string {
	value = cut(strings.ToValidUTF8(value, "\uFFFD"), maxOrderBytes)
	var key strings.Builder
	for i := range len(value) {
		if letter := value[i]; letter <= orderEscape {
			fmt.Fprintf(&key, "%c%02x", orderEscape, letter)
		} else {
			key.WriteByte(letter)
		}
	}
	return key.String() + orderEnd + ordered(number)
}

// numberOf returns the document of a row of an order.
func numberOf(orderSort string) (int64, error) {
	return parseOrdered(orderSort[strings.LastIndex(orderSort, orderEnd)+1:])
}
