package search

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/tenantry/tenantry/shared/store/table"
)

// The numbers of a gram stand in regions of many blocks, in up to three kinds of rows:
//
//   - The head of a region has those that came last, and says what other rows there are. It
//     is small, as it is written often; that of a rare gram has all, and one read tells.
//   - The settled row has the others, of a gram that is not common.
//   - A common gram has a row of bits for each block instead: the region is split.
//
// Numbers only ever go down from one kind to the next, together with a head that says so in
// the same transaction, and a settled row stays when its region is split. So who reads the
// head first, and then what it names, misses nothing, whatever is written meanwhile.

// compacting is how the numbers of a region are kept.
type compaction uint8

const (
	headOnly  compaction = iota // all are in the head
	compacted                   // the others are in the settled row
	split                       // the others are in rows of their blocks
)

const (
	// recentBytes is how many bytes of numbers a head has, so that the row is written for one
	// unit.
	maxHeadBytes = 560
	// mostSettled is how many numbers a settled row has: about as many bytes as a row of bits.
	maxCompacted = 3072
)

// region names the rows of a gram in a region.
type region struct {
	place
	number int64
}

func (r region) head() table.Key { return derived(r.partition, r.prefix+"h"+ordered(r.number)) }
func (r region) rest() table.Key { return derived(r.partition, r.prefix+"s"+ordered(r.number)) }

// block names the row of a block, which is given by its number within the region.
func (r region) block(layout layout, block int) table.Key {
	return derived(r.partition, r.prefix+"b"+ordered(r.number*(layout.Regions/layout.Grams)+int64(block)))
}

// head is the head of a region.
type head struct {
	compaction compaction
	below      int    // how many numbers are in the other rows, roughly
	blocks     uint64 // of a split region, those that have a row
	recent     []uint32
}

// count is how many numbers there are, roughly.
func (h *head) count() int { return h.below + len(h.recent) }

// add enters places, and reports whether any is new to the head.
func (h *head) add(places []uint32) bool {
	all := append(slices.Clone(h.recent), places...)
	slices.Sort(all)
	all = slices.Compact(all)
	added := len(all) > len(h.recent)
	h.recent = all
	return added
}

func (h *head) encode() []byte {
	content := binary.AppendUvarint([]byte{byte(h.compaction)}, uint64(h.below))
	content = binary.AppendUvarint(content, h.blocks)
	return quote(appendSteps(content, h.recent))
}

func decodeHead(encoded []byte) (h head, err error) {
	content, err := unquote(encoded)
	if err != nil {
		return h, err
	}
	below, size := uint64(0), 0
	if len(content) > 0 {
		h.compaction = compaction(content[0])
		below, size = binary.Uvarint(content[1:])
	}
	if size <= 0 {
		return h, fmt.Errorf("search: a stored head of %d bytes", len(content))
	}
	content = content[1+size:]
	if h.blocks, size = binary.Uvarint(content); size <= 0 {
		return h, fmt.Errorf("search: a stored head ends early")
	}
	h.below = int(below)
	h.recent, err = parseSteps(content[size:])
	return h, err
}

// full reports whether the recent numbers are too many for a head.
func (h *head) full() bool {
	if len(h.recent) > maxHeadBytes {
		return true
	}
	return len(h.recent) > maxHeadBytes/5 && len(appendSteps(nil, h.recent)) > maxHeadBytes
}

// appendSteps writes ascending places as the steps from each to the next.
func appendSteps(to []byte, places []uint32) []byte {
	last := uint32(0)
	for _, place := range places {
		to = binary.AppendUvarint(to, uint64(place-last))
		last = place
	}
	return to
}

func parseSteps(steps []byte) ([]uint32, error) {
	places := make([]uint32, 0, len(steps))
	last := uint64(0)
	for len(steps) > 0 {
		step, size := binary.Uvarint(steps)
		if last += step; size <= 0 || last > 1<<32-1 {
			return nil, fmt.Errorf("search: stored steps lead nowhere")
		}
		places = append(places, uint32(last))
		steps = steps[size:]
	}
	return places, nil
}

// quote writes bytes as a JSON string.
func quote(content []byte) []byte {
	encoded := make([]byte, 0, base64.RawStdEncoding.EncodedLen(len(content))+2)
	encoded = base64.RawStdEncoding.AppendEncode(append(encoded, '"'), content)
	return append(encoded, '"')
}

func unquote(encoded []byte) ([]byte, error) {
	if len(encoded) < 2 {
		return nil, fmt.Errorf("search: a stored string of %d bytes", len(encoded))
	}
	content, err := base64.RawStdEncoding.AppendDecode(nil, encoded[1:len(encoded)-1])
	if err != nil {
		return nil, fmt.Errorf("search: a stored string: %w", err)
	}
	return content, nil
}

func parsePlaces(encoded []byte) ([]uint32, error) {
	content, err := unquote(encoded)
	if err != nil {
		return nil, err
	}
	return parseSteps(content)
}

// merge returns the places of either, in order and once.
func merge(a, b []uint32) []uint32 {
	all := make([]uint32, 0, len(a)+len(b))
	all = append(append(all, a...), b...)
	slices.Sort(all)
	return slices.Compact(all)
}
