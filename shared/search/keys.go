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

// generation names the rows of one build of the index of a space. Every key begins with the space,
// which the caller derives from the authorized scope.
type generation struct {
	space   string
	number  int64
	buckets int
}

// root names the row of the state of an index: that of a space, or of the generation that is being
// built for it.
type root struct {
	space string
	next  bool // whether it is the generation being built
}

func (r root) key() table.Key {
	if r.next {
		return derived(r.space+"#INDEX", "NEXT")
	}
	return derived(r.space+"#INDEX", "STATE")
}

// tombstoneKey returns the key of the row with the version at which a document was removed. It does
// not belong to a generation.
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
func (g generation) numbers() string          { return g.partition("NUMBER") }
func (g generation) late() string             { return g.partition("LATE") }
func (g generation) order(name string) string { return g.partition("ORDER#" + short(name)) }
func (g generation) bucket(kind string, number int) string {
	return g.partition(fmt.Sprintf("%s#%02d", kind, number))
}

// partitions returns all partitions of a generation with the given orders.
func (g generation) partitions(orders []string) []string {
	partitions := []string{g.documents(), g.texts(), g.fresh(), g.counters(), g.numbers(), g.late()}
	for _, name := range orders {
		partitions = append(partitions, g.order(name))
	}
	for number := range g.buckets {
		partitions = append(partitions, g.bucket("TERM", number), g.bucket("GRAM", number))
	}
	return partitions
}

// place is where the rows of a posting list are. Their sort keys consist of the prefix and the
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

// ordered encodes a nonnegative number so that the encodings sort like the numbers: a letter for
// the count of digits, then the digits.
func ordered(number int64) string {
	digits := strconv.FormatInt(number, 10)
	return string(rune('a'+len(digits)-1)) + digits
}

func parseOrdered(text string) (int64, error) {
	if text == "" {
		return 0, fmt.Errorf("search: a key has no number")
	}
	return strconv.ParseInt(text[1:], 10, 64)
}

// escape encodes text for use in a key, without the separator and control characters. Different
// texts have different encodings.
func escape(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	var escaped strings.Builder
	for i := range len(text) {
		if letter := text[i]; letter < ' ' || letter == '#' || letter == '%' || letter == 0x7f {
			fmt.Fprintf(&escaped, "%%%02x", letter)
		} else {
			escaped.WriteByte(letter)
		}
	}
	return escaped.String()
}

// maxKeyPart is the maximum length, in bytes, of an escaped field or value in a key. Longer ones
// are hashed.
const maxKeyPart = 200

// short escapes a text of any length. A long text is cut and followed by its hash.
func short(value string) string {
	escaped := escape(value)
	if len(escaped) <= maxKeyPart {
		return escaped
	}
	sum := sha256.Sum256([]byte(value))
	return cut(escaped, maxKeyPart) + "%~" + hex.EncodeToString(sum[:16])
}

// cut returns the longest prefix of text that has at most the given number of bytes and ends with a
// whole letter.
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
	// maxOrderBytes is how many bytes of a value are compared in an order.
	maxOrderBytes = 300
	// orderEnd follows the value. It is less than every byte of an encoded value, so that a value
	// sorts before those that it is a prefix of.
	orderEnd = " "
	// orderEscape precedes the two hexadecimal digits of a byte that is not greater than it.
	orderEscape = '!'
)

// orderSort returns the sort key of a document in an order: by value, then by number.
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

// numberOf returns the number of the document of a row of an order.
func numberOf(orderSort string) (int64, error) {
	return parseOrdered(orderSort[strings.LastIndex(orderSort, orderEnd)+1:])
}
