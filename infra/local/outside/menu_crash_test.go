//go:build !aws

package outside

import (
	"math/rand/v2"
	"testing"
	"time"
)

// menuPatience is how long a job of the menu may take.
const menuPatience = afterKills

// TestEveryActionOnThirtyCustomersEndsTheSameWhenTheProgramIsKilled kills the program while each of the
// jobs runs: no customer is in two places in the end, and none in none.
func TestEveryActionOnThirtyCustomersEndsTheSameWhenTheProgramIsKilled(t *testing.T) {
	alongside(t)
	post := openPostOffice(t)
	p := start(t, post.setting())
	random := rand.New(rand.NewPCG(7, 11))
	m := newMenu(setUp(t, post, &p.installation), func() {
		time.Sleep(time.Duration(random.IntN(60)) * time.Millisecond)
		p.kill()
		p.launch()
	})
	m.play()
	m.check()
}
