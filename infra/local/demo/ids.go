package demo

import (
	"encoding/binary"
	"math/rand/v2"
	"sync"

	"github.com/google/uuid"
)

// IDs makes IDs that depend on a seed and a clock alone: UUIDs of version 7, in the order in which
// they are made. They can be guessed, which is good enough for made-up data.
type IDs struct {
	clock    *Clock
	guard    sync.Mutex
	random   *rand.Rand
	millis   int64
	sequence uint16
}

// NewIDs returns a source of IDs.
func NewIDs(clock *Clock, seed uint64) *IDs {
	return &IDs{clock: clock, random: rand.New(rand.NewPCG(seed, 1))}
}

// lastSequence is the largest number that fits beside the milliseconds.
const lastSequence = 1<<12 - 1

// New returns the next ID.
func (i *IDs) New() string {
	i.guard.Lock()
	defer i.guard.Unlock()
	if now := i.clock.Now().UnixMilli(); now > i.millis {
		i.millis, i.sequence = now, 0
	} else if i.sequence++; i.sequence > lastSequence {
		i.millis, i.sequence = i.millis+1, 0
	}
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[:8], uint64(i.millis)<<16|0x7000|uint64(i.sequence))
	binary.BigEndian.PutUint64(id[8:], i.random.Uint64()>>2|1<<63)
	return id.String()
}
