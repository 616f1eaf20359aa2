package markup

import (
	"github.com/jhillyerd/enmime/v2"
)

// Pictures returns the attachments that the safe HTML can show.
type Pictures struct {
	ByID   map[string]int
	ByPart map[*enmime.Part]int
}
