//go:build browser

package browser

import (
	"cmp"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// withFewColours returns a picture with the 256 colours that it uses most, which makes its file a
// third as large. A page has hardly more: other colours become the nearest.
func withFewColours(picture image.Image) *image.Paletted {
	uses, bounds := map[color.RGBA]int{}, picture.Bounds()
	at := func(x, y int) color.RGBA { return color.RGBAModel.Convert(picture.At(x, y)).(color.RGBA) }
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			uses[at(x, y)]++
		}
	}
	var all []color.RGBA
	for one := range uses {
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b color.RGBA) int {
		return cmp.Or(uses[b]-uses[a], int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B))
	})
	var palette color.Palette
	for _, one := range all[:min(256, len(all))] {
		palette = append(palette, one)
	}
	index := map[color.RGBA]uint8{}
	for _, one := range all {
		index[one] = uint8(palette.Index(one)) // at most 255
	}
	few := image.NewPaletted(bounds, palette)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			few.SetColorIndex(x, y, index[at(x, y)])
		}
	}
	return few
}

// differing returns which part of the pixels of two pictures differ by more than 16 of 255 in a
// colour; all if their sizes differ.
func differing(a, b image.Image) float64 {
	if a.Bounds() != b.Bounds() {
		return 1
	}
	const most = 16
	bounds, differ := a.Bounds(), 0
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			one, other := color.RGBAModel.Convert(a.At(x, y)).(color.RGBA), color.RGBAModel.Convert(b.At(x, y)).(color.RGBA)
			if apart(one.R, other.R) > most || apart(one.G, other.G) > most || apart(one.B, other.B) > most {
				differ++
			}
		}
	}
	return float64(differ) / float64(bounds.Dx()*bounds.Dy())
}

func apart(a, b uint8) uint8 { return max(a, b) - min(a, b) }

// blank reports whether a picture has hardly anything but one colour.
func blank(picture *image.Paletted) bool {
	uses := map[uint8]int{}
	most := 0
	for _, index := range picture.Pix {
		uses[index]++
		most = max(most, uses[index])
	}
	return len(uses) < 8 || most > len(picture.Pix)*99/100
}

func writePicture(t *testing.T, path string, picture image.Image) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(file, picture); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}

func readPicture(t *testing.T, path string) image.Image {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatalf("%v (make pictures writes it)", err)
	}
	defer func() { _ = file.Close() }()
	picture, err := png.Decode(file)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return picture
}
