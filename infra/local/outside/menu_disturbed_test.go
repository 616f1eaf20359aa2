//go:build aws

package outside

import (
	"testing"
	"time"
)

// menuPatience is how long a job of the menu may take.
const menuPatience = 5 * time.Minute

// TestEveryActionOnThirtyCustomersEndsTheSameWithRepeatedMessages plays the menu where messages and stream
// records arrive late, in another order, and twice: no customer is in two places in the end, and none in
// none.
func TestEveryActionOnThirtyCustomersEndsTheSameWithRepeatedMessages(t *testing.T) {
	post := openPostOffice(t)
	installed, deployed := deploy(t, post, true)
	m := newMenu(setUp(t, post, installed), func() {})
	m.play()
	m.check()
	if repeated := deployed.Repeated(); repeated < menuCustomers {
		t.Errorf("%d deliveries were repeated: that is too little to be meaningful", repeated)
	}
}
