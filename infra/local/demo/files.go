package demo

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/attachment"
)

// store stores the file that a customer attaches to a case, of a kind that problem.file names.
func (b *builder) store(
	ctx context.Context, by identity.Principal, c support.Case, kind string,
) (attachment.File, error) {
	name, mediaType, content := "switch.log", "text/plain", io.Reader(strings.NewReader(b.logFile()))
	if kind == "picture" {
		drawn, err := b.picture()
		if err != nil {
			return attachment.File{}, err
		}
		name, mediaType, content = fmt.Sprintf("traffic-%d.png", c.Number), "image/png", bytes.NewReader(drawn)
	}
	return b.Services.Cases.StoreFile(ctx, by, c.OrgID, c.ID, name, mediaType, content)
}

// logFile returns the log of a switch of the last minutes.
func (b *builder) logFile() string {
	events := []string{
		"%%LINK-3-UPDOWN: Interface ge-0/0/%d, changed state to down",
		"%%LINK-3-UPDOWN: Interface ge-0/0/%d, changed state to up",
		"%%POE-5-POWER: Port ge-0/0/%d: power denied, budget exceeded",
		"%%DOT1X-4-TIMEOUT: Port ge-0/0/%d: no response to EAP request",
		"%%STP-6-TOPOLOGY: Topology change received on ge-0/0/%d",
	}
	var text strings.Builder
	at := b.Clock.Now().Add(-time.Hour)
	for range 12 + b.random.IntN(20) {
		at = at.Add(b.between(time.Second, 3*time.Minute))
		fmt.Fprintf(&text, "%s sw-%02d "+events[b.random.IntN(len(events))]+"\n",
			at.Format(time.RFC3339), 1+b.random.IntN(9), 1+b.random.IntN(48))
	}
	return text.String()
}

// The size of a picture, in pixels.
const (
	pictureWidth  = 320
	pictureHeight = 160
)

// picture draws the graph of a line's traffic, in PNG.
func (b *builder) picture() ([]byte, error) {
	palette := color.Palette{
		color.RGBA{0xff, 0xff, 0xff, 0xff}, color.RGBA{0xdd, 0xe3, 0xea, 0xff}, color.RGBA{0x1f, 0x6f, 0xb2, 0xff},
		color.RGBA{0xc0, 0x39, 0x2b, 0xff},
	}
	const paper, grid, line, limit = 0, 1, 2, 3
	drawn := image.NewPaletted(image.Rect(0, 0, pictureWidth, pictureHeight), palette)
	height := pictureHeight / 2
	for x := range pictureWidth {
		height = min(max(height+b.random.IntN(13)-6, 8), pictureHeight-8)
		for y := range pictureHeight {
			shade := uint8(paper)
			switch {
			case y == 16:
				shade = limit
			case y >= pictureHeight-height:
				shade = line
			case x%32 == 0 || y%32 == 0:
				shade = grid
			}
			drawn.SetColorIndex(x, y, shade)
		}
	}
	var encoded bytes.Buffer
	err := png.Encode(&encoded, drawn)
	return encoded.Bytes(), err
}
