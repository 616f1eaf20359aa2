package search

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/tenantry/tenantry/shared/store/table"
)

// The numbers of an n-gram are kept in regions of many blocks, in up to three kinds of rows:
//
//   - The head of a region has the most recent numbers and names the other rows. It is small,
//     because it is written often. The head of a rare n-gram has all its numbers, so that one read
//     suffices.
//   - The compacted row has the other numbers, unless the n-gram is common.
//   - A common n-gram has a row of bits for each block instead: the region is split.
//
// Numbers move from one kind to the next only, in one transaction with the head, and a compacted
// row stays when its region is split. So a reader that reads the head first, and then the rows that
// it names, misses nothing, whatever is written meanwhile.

// compaction is how the numbers of a region are stored.
type compaction uint8

const (
	headOnly  compaction = iota // all are in the head
	compacted                   // the others are in the compacted row
	split                       // the others are in the rows of their blocks
)

const (
	// maxHeadBytes is the maximum size of the numbers in a head, so that writing it takes one unit.
	maxHeadBytes = 560
	// maxCompacted is the maximum count of numbers in a compacted row. They take about as many
	// bytes as a row of bits.
	maxCompacted = 3072
)

// region names the rows of an n-gram in a region.
type region struct {
	place
	number int64
}

func (r region) head() table.Key { return derived(r.partition, r.prefix+"h"+ordered(r.number)) }
func (r region) rest() table.Key { return derived(r.partition, r.prefix+"s"+ordered(r.number)) }

// block returns the key of the row of a block, given by its number in the region.
func (r region) block(layout layout, block int) table.Key {
	return derived(r.partition, r.prefix+"b"+ordered(r.number*(layout.Regions/layout.Grams)+int64(block)))
}

// head is the head of a region.
type head struct {
	compaction compaction
	below      int    // numbers in the other rows, roughly
	blocks     uint64 // of a split region, the blocks that have a row
	recent     []uint32
}

// count returns roughly how many numbers the region has.
func (h *head) count() int { return h.below + len(h.recent) }

// add adds places to the head and reports whether any of them is new to it.
func (h *head) add(places []uint32) bool {
	before := len(h.recent)
	h.recent = merge(h.recent, places)
	return len(h.recent) > before
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
		return h, fmt.Errorf("search: decode head: only %d bytes", len(content))
	}
	content = content[1+size:]
	if h.blocks, size = binary.Uvarint(content); size <= 0 {
		return h, fmt.Errorf("search: decode head: it ends early")
	}
	h.below = int(below)
	h.recent, err = parseSteps(content[size:])
	return h, err
}

// full reports whether the head has too many numbers and must be compacted.
func (h *head) full() bool {
	if len(h.recent) > maxHeadBytes {
		return true
	}
	return len(h.recent) > maxHeadBytes/5 && len(appendSteps(nil, h.recent)) > maxHeadBytes
}

// appendSteps encodes ascending places as the steps from each to the next.
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
			return nil, fmt.Errorf("search: decode places: out of range")
		}
		places = append(places, uint32(last))
		steps = steps[size:]
	}
	return places, nil
}

// quote encodes bytes as a JSON string.
func quote(content []byte) []byte {
	encoded := make([]byte, 0, base64.RawStdEncoding.EncodedLen(len(content))+2)
	encoded = base64.RawStdEncoding.AppendEncode(append(encoded, '"'), content)
	return append(encoded, '"')
}

func unquote(encoded []byte) ([]byte, error) {
	if len(encoded) < 2 {
		return nil, fmt.Errorf("search: decode string: only %d bytes", len(encoded))
	}
	content, err := base64.RawStdEncoding.AppendDecode(nil, encoded[1:len(encoded)-1])
	if err != nil {
		return nil, fmt.Errorf("search: decode string: %w", err)
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

// merge returns the places that are in a or b, in ascending order and without duplicates.
func merge(a, b []uint32) []uint32 {
	places := slices.Concat(a, b)
	slices.Sort(places)
	return slices.Compact(places)
}
