package search

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math/bits"
)

// numbers is a bit set of the numbers in a block, by their place in the block.
type numbers []uint64

func newNumbers(width int64) numbers { return make(numbers, (width+63)/64) }

func (n numbers) add(place int)      { n[place/64] |= 1 << (place % 64) }
func (n numbers) remove(place int)   { n[place/64] &^= 1 << (place % 64) }
func (n numbers) has(place int) bool { return n[place/64]&(1<<(place%64)) != 0 }

func (n numbers) or(other numbers) {
	for i := range n {
		n[i] |= other[i]
	}
}

func (n numbers) and(other numbers) {
	for i := range n {
		n[i] &= other[i]
	}
}

func (n numbers) count() int {
	count := 0
	for _, word := range n {
		count += bits.OnesCount64(word)
	}
	return count
}

// places returns the set's places in ascending order.
func (n numbers) places() []int {
	places := make([]int, 0, n.count())
	for i, word := range n {
		for ; word != 0; word &= word - 1 {
			places = append(places, i*64+bits.TrailingZeros64(word))
		}
	}
	return places
}

// A stored set is a JSON string. Its first character tells the format of the base64 that follows: a
// list of the steps from each place to the next, or a bit for each place, whichever is shorter.
const (
	listOfSteps = 'l'
	bitsOfBlock = 'b'
)

func (n numbers) encode() []byte {
	dense := 8 * len(n)
	steps := make([]byte, 0, dense)
	last := 0
	for _, place := range n.places() {
		if len(steps) >= dense {
			break
		}
		steps = binary.AppendUvarint(steps, uint64(place-last))
		last = place
	}
	kind, content := byte(listOfSteps), steps
	if len(steps) >= dense {
		kind, content = bitsOfBlock, steps[:0]
		for _, word := range n {
			content = binary.LittleEndian.AppendUint64(content, word)
		}
	}
	encoded := make([]byte, 0, base64.RawStdEncoding.EncodedLen(len(content))+3)
	encoded = append(encoded, '"', kind)
	return append(base64.RawStdEncoding.AppendEncode(encoded, content), '"')
}

// decode adds a set written by encode, with its places shifted.
func (n numbers) decode(encoded []byte, shift int) error {
	if len(encoded) < 3 {
		return fmt.Errorf("search: decode set: only %d bytes", len(encoded))
	}
	content, err := base64.RawStdEncoding.AppendDecode(nil, encoded[2:len(encoded)-1])
	if err != nil {
		return fmt.Errorf("search: decode set: %w", err)
	}
	if encoded[1] == bitsOfBlock {
		return n.decodeBits(content, shift)
	}
	place := shift
	for len(content) > 0 {
		step, size := binary.Uvarint(content)
		if size <= 0 || step >= uint64(64*len(n)-place) {
			return fmt.Errorf("search: decode set: a place is outside the block")
		}
		place += int(step)
		n.add(place)
		content = content[size:]
	}
	return nil
}

func (n numbers) decodeBits(content []byte, shift int) error {
	if len(content)%8 != 0 || shift%64 != 0 || shift/64+len(content)/8 > len(n) {
		return fmt.Errorf("search: decode set: larger than the block")
	}
	for i := range len(content) / 8 {
		n[shift/64+i] |= binary.LittleEndian.Uint64(content[8*i:])
	}
	return nil
}
