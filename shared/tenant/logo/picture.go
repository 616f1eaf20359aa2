package logo

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"

	"github.com/tenantry/tenantry/shared/fault"
)

const (
	// MaxBytes is the maximum size of a picture as it comes in.
	MaxBytes = 1 << 20
	// minSide and maxSide bound the sides of a picture as it comes in, in pixels.
	minSide, maxSide = 16, 4000
	// maxScans is in how many scans a JPEG may come. Programs write about ten. Each takes a pass over all
	// pixels and can be a few bytes long, so that a megabyte of them takes many minutes to decode.
	maxScans = 32
	// maxWidth and maxHeight are the size in pixels that a picture is stored with at most. It is shown
	// at half of it, so that it is sharp on fine screens.
	maxWidth, maxHeight = 400, 96
)

// picture is a PNG that we have made.
type picture struct {
	png           []byte
	width, height int
}

// codec reads the pictures of a format.
type codec struct {
	begins []byte
	// scan begins each of the scans of a picture; nothing in the data between them looks like it. It is
	// empty for formats without scans.
	scan   []byte
	size   func(content []byte) (image.Config, error)
	decode func(content []byte) (image.Image, error)
}

func codecs() []codec {
	return []codec{
		{
			begins: []byte("\x89PNG\r\n\x1a\n"),
			size:   func(content []byte) (image.Config, error) { return png.DecodeConfig(bytes.NewReader(content)) },
			decode: func(content []byte) (image.Image, error) { return png.Decode(bytes.NewReader(content)) },
		},
		{
			begins: []byte("\xff\xd8\xff"),
			scan:   []byte("\xff\xda"),
			size:   func(content []byte) (image.Config, error) { return jpeg.DecodeConfig(bytes.NewReader(content)) },
			decode: func(content []byte) (image.Image, error) { return jpeg.Decode(bytes.NewReader(content)) },
		},
	}
}

// redraw decodes a picture and encodes it anew, scaled down where it is larger than it is shown.
// What comes out has pixels only: no metadata, animation or anything else that was in the file. The
// name of the field is for refusals.
func (s *Service) redraw(ctx context.Context, content []byte, field string) (picture, error) {
	if len(content) > MaxBytes {
		return picture{}, fault.New(fault.TooLarge, "The picture is larger than %d MiB.", MaxBytes>>20)
	}
	for _, codec := range codecs() {
		if !bytes.HasPrefix(content, codec.begins) {
			continue
		}
		size, err := codec.size(content)
		if err != nil {
			return picture{}, broken(field)
		}
		if min(size.Width, size.Height) < minSide || max(size.Width, size.Height) > maxSide {
			return picture{}, fault.InField(field, "must have %d to %d pixels on each side; it has %d by %d",
				minSide, maxSide, size.Width, size.Height)
		}
		if scans := bytes.Count(content, codec.scan); len(codec.scan) > 0 && scans > maxScans {
			return picture{}, fault.InField(field, "is stored in more than %d scans: save it as an ordinary JPEG or PNG", maxScans)
		}
		return s.scale(ctx, func() (image.Image, error) { return codec.decode(content) }, field)
	}
	return picture{}, fault.InField(field, "must be a picture in the format PNG or JPEG")
}

func broken(field string) error {
	return fault.InField(field, "is not a complete picture: save it anew and try again")
}

// scale decodes a picture and encodes what is stored. A picture takes up to 250 MB while it is
// decoded, so there is one at a time.
func (s *Service) scale(ctx context.Context, decode func() (image.Image, error), field string) (picture, error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return picture{}, ctx.Err()
	}
	whole, err := decode()
	if err != nil {
		return picture{}, broken(field)
	}
	width, height := Fit(whole.Bounds().Dx(), whole.Bounds().Dy(), maxWidth, maxHeight)
	small := image.NewNRGBA(image.Rect(0, 0, width, height))
	draw.CatmullRom.Scale(small, small.Bounds(), whole, whole.Bounds(), draw.Src, nil)
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&out, small); err != nil {
		return picture{}, err
	}
	return picture{png: out.Bytes(), width: width, height: height}, nil
}

// Fit returns the size of a picture that is scaled down, if need be, to a maximum.
func Fit(width, height, maxWidth, maxHeight int) (int, int) {
	if width <= maxWidth && height <= maxHeight {
		return width, height
	}
	if width*maxHeight > height*maxWidth {
		return maxWidth, max(1, height*maxWidth/width)
	}
	return max(1, width*maxHeight/height), maxHeight
}

// Shown returns the size in which a stored logo is shown: at most half of what is stored at most.
func Shown(width, height int) (int, int) { return Fit(width, height, maxWidth/2, maxHeight/2) }
