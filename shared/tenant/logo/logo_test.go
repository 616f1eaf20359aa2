package logo_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/outward/outwardtest"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/logo"
)

// world is an MSP of the tier with logos, and its super user.
type world struct {
	*apptest.Estate
	t     *testing.T
	super identity.Principal
}

func newWorld(t *testing.T) *world {
	w := &world{Estate: apptest.NewEstate(t), t: t}
	w.super = w.Person(w.MSP.Place(), identity.Admin)
	w.tier(tenant.AdvancedTier)
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) tier(tier tenant.Tier) {
	w.t.Helper()
	_, err := w.Tenants.ChangeMSP(w.t.Context(), w.Operator(), w.MSP.ID, tenant.MSPChange{Tier: &tier})
	w.must(err)
}

// drawn returns a picture with two colours, the left half transparent.
func drawn(width, height int) *image.NRGBA {
	picture := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := width / 2; x < width; x++ {
			picture.SetNRGBA(x, y, color.NRGBA{R: 200, A: 255})
		}
	}
	return picture
}

func asPNG(width, height int) []byte {
	var out bytes.Buffer
	_ = png.Encode(&out, drawn(width, height)) // a buffer takes everything
	return out.Bytes()
}

func asJPEG(width, height int) []byte {
	var out bytes.Buffer
	_ = jpeg.Encode(&out, drawn(width, height), nil)
	return out.Bytes()
}

// stored returns the logo of the MSP as the super user sees it.
func (w *world) stored() (tenant.Logo, []byte) {
	w.t.Helper()
	found, content, err := w.Logos.Open(w.t.Context(), w.super, w.MSP.ID)
	w.must(err)
	read, err := io.ReadAll(content)
	w.must(errors.Join(err, content.Close()))
	return found, read
}

func TestALogoIsDrawnAnewInTheSizeInWhichItIsShown(t *testing.T) {
	w := newWorld(t)
	for name, test := range map[string]struct {
		content       []byte
		width, height int
	}{
		"small":     {asPNG(120, 40), 120, 40},
		"smallest":  {asPNG(16, 16), 16, 16},
		"wide":      {asPNG(1600, 100), 400, 25},
		"high":      {asPNG(100, 960), 10, 96},
		"large":     {asJPEG(4000, 4000), 96, 96},
		"very wide": {asJPEG(4000, 16), 400, 1},
		"a JPEG":    {asJPEG(200, 48), 200, 48},
	} {
		_, err := w.Logos.Change(t.Context(), w.super, w.MSP.ID, test.content)
		w.must(err)
		found, content := w.stored()
		picture, err := png.Decode(bytes.NewReader(content))
		w.must(err)
		if size := picture.Bounds().Size(); size.X != test.width || size.Y != test.height ||
			found.Width != test.width || found.Height != test.height {
			t.Errorf("%s: %v, stored as %+v", name, size, found)
		}
	}
}

// manyScans returns a progressive JPEG of 4,000 by 4,000 pixels whose colours come in many scans of a few
// bytes each, after one that has all.
func manyScans(scans int) []byte {
	quantization := append([]byte{0xff, 0xdb, 0, 67, 0}, bytes.Repeat([]byte{1}, 64)...)
	frame := []byte{0xff, 0xc2, 0, 11, 8, 4000 >> 8, 4000 & 255, 4000 >> 8, 4000 & 255, 1, 1, 0x11, 0}
	// Each table has one code, "0": no difference, and the end of many blocks.
	codes := append([]byte{0xff, 0xc4, 0, 20, 0x00, 1}, make([]byte, 16)...)
	ends := append([]byte{0xff, 0xc4, 0, 20, 0x10, 1}, make([]byte, 15)...)
	first := append([]byte{0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0}, make([]byte, 500*500/8+1)...)
	// Sixteen ends of 16,384 blocks each.
	scan := append([]byte{0xff, 0xda, 0, 8, 1, 1, 0, 1, 63, 0x10}, make([]byte, 30)...)
	return slices.Concat([]byte{0xff, 0xd8}, quantization, frame, codes, append(ends, 0xe0), first,
		bytes.Repeat(scan, scans), []byte{0xff, 0xd9})
}

// TestAJPEGOfManyScansIsRefusedBeforeItIsDecoded holds because each scan is a pass over all pixels: a
// megabyte of them takes minutes.
func TestAJPEGOfManyScansIsRefusedBeforeItIsDecoded(t *testing.T) {
	w := newWorld(t)
	_, err := w.Logos.Change(t.Context(), w.super, w.MSP.ID, manyScans(10))
	w.must(err)
	begun := time.Now()
	_, err = w.Logos.Change(t.Context(), w.super, w.MSP.ID, manyScans(2000))
	w.Wants(fault.Invalid, err)
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestALogoKeepsItsColoursAndItsTransparency(t *testing.T) {
	w := newWorld(t)
	_, err := w.Logos.Change(t.Context(), w.super, w.MSP.ID, asPNG(800, 192))
	w.must(err)
	_, content := w.stored()
	picture, err := png.Decode(bytes.NewReader(content))
	w.must(err)
	left, right := picture.At(10, 10), picture.At(390, 90)
	if _, _, _, a := left.RGBA(); a != 0 || right != (color.NRGBA{R: 200, A: 255}) {
		t.Errorf("left %v, right %v", left, right)
	}
}

// chunk puts a chunk in front of the pixels of a PNG.
func chunk(content []byte, kind, data string) []byte {
	const header = 8 + 25 // the signature and IHDR
	length := []byte{0, 0, byte(len(data) >> 8), byte(len(data))}
	sum := binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(kind+data)))
	added := append(append(append(bytes.Clone(content[:header]), length...), kind+data...), sum...)
	return append(added, content[header:]...)
}

// bomb returns a small PNG whose header says that it has 50,000 pixels on each side.
func bomb() []byte {
	content := asPNG(40, 40)
	binary.BigEndian.PutUint32(content[16:], 50_000)
	binary.BigEndian.PutUint32(content[20:], 50_000)
	binary.BigEndian.PutUint32(content[29:], crc32.ChecksumIEEE(content[12:29]))
	return content
}

func TestWhatIsNoPixelIsNotStored(t *testing.T) {
	w := newWorld(t)
	const script = "<script>alert(1)</script>"
	comment := append([]byte{0xff, 0xd8, 0xff, 0xfe, 0, byte(len(script) + 2)}, script...)
	for name, content := range map[string][]byte{
		"a text in a PNG": chunk(asPNG(40, 40), "tEXt", "Comment\x00"+script),
		"an animation":    chunk(asPNG(40, 40), "acTL", "\x00\x00\x00\x02\x00\x00\x00\x00"),
		"behind the PNG":  append(asPNG(40, 40), script...),
		"a JPEG's remark": append(comment, asJPEG(40, 40)[2:]...),
	} {
		_, err := w.Logos.Change(t.Context(), w.super, w.MSP.ID, content)
		w.must(err)
		_, stored := w.stored()
		if bytes.Contains(stored, []byte("script")) || bytes.Contains(stored, []byte("acTL")) ||
			bytes.Contains(stored, []byte("tEXt")) {
			t.Errorf("%s is stored: %q", name, stored)
		}
	}
}

func TestPicturesThatAreNotLogosAreRefused(t *testing.T) {
	w := newWorld(t)
	_, err := w.Logos.Change(t.Context(), w.super, w.MSP.ID, asPNG(40, 40))
	w.must(err)
	before, _ := w.stored()
	var animated bytes.Buffer
	w.must(gif.Encode(&animated, drawn(40, 40), nil))
	whole := asPNG(400, 400)
	for name, test := range map[string]struct {
		content []byte
		want    fault.Code
	}{
		"nothing":       {nil, fault.Invalid},
		"an SVG":        {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), fault.Invalid},
		"HTML":          {[]byte("<!DOCTYPE html><img src=x>"), fault.Invalid},
		"a GIF":         {animated.Bytes(), fault.Invalid},
		"a WebP":        {[]byte("RIFF\x1a\x00\x00\x00WEBPVP8L"), fault.Invalid},
		"one pixel":     {asPNG(1, 1), fault.Invalid},
		"15 pixels":     {asPNG(15, 200), fault.Invalid},
		"4,001 pixels":  {asJPEG(4001, 20), fault.Invalid},
		"half a PNG":    {whole[:len(whole)/2], fault.Invalid},
		"half a header": {whole[:20], fault.Invalid},
		"half a JPEG":   {asJPEG(400, 400)[:300], fault.Invalid},
		"a PNG bomb":    {bomb(), fault.Invalid},
		"too large":     {append(whole, make([]byte, logo.MaxBytes)...), fault.TooLarge},
	} {
		_, err := w.Logos.Change(t.Context(), w.super, w.MSP.ID, test.content)
		if fault.CodeOf(err) != test.want {
			t.Errorf("%s: %v, want %s", name, err, test.want)
		}
	}
	if after, _ := w.stored(); after != before {
		t.Errorf("a refused picture changed the logo from %+v to %+v", before, after)
	}
}

func TestALogoIsFetchedFromItsAddress(t *testing.T) {
	w := newWorld(t)
	client, base := outwardtest.Serve(t, http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/logo.jpeg":
			_, _ = out.Write(asJPEG(100, 50))
		case "/inside":
			http.Redirect(out, r, "http://169.254.169.254/latest/meta-data/", http.StatusFound)
		case "/large":
			_, _ = out.Write(make([]byte, logo.MaxBytes+1))
		case "/page":
			_, _ = io.WriteString(out, "<html>")
		default:
			http.NotFound(out, r)
		}
	}))
	logos := logo.New(w.Journal, w.Tenants, w.Files, client, w.Log)
	_, err := logos.Fetch(t.Context(), w.super, w.MSP.ID, base+"/logo.jpeg")
	w.must(err)
	if found, _ := w.stored(); found.Width != 100 || found.Height != 50 {
		t.Errorf("%+v", found)
	}
	for address, want := range map[string]string{
		base + "/absent":          "answers with the status 404",
		base + "/large":           "answers with too much",
		base + "/page":            "must be a picture in the format PNG or JPEG",
		base + "/inside":          "leads to an address or a port that is not public",
		"http://127.0.0.1/":       "leads to an address or a port that is not public",
		"http://[::ffff:7f00:1]/": "leads to an address or a port that is not public",
		"file:///etc/passwd":      "must begin with https:// or http:// and the name of a server",
		"":                        "must begin with https:// or http:// and the name of a server",
	} {
		_, err := logos.Fetch(t.Context(), w.super, w.MSP.ID, address)
		w.Wants(fault.Invalid, err)
		if refusal, _ := errors.AsType[*fault.Error](err); refusal == nil || len(refusal.Fields) != 1 ||
			refusal.Fields[0].Name != "logo_url" || refusal.Fields[0].Message != want {
			t.Errorf("%s: %+v", address, refusal)
		}
	}
}

func TestSuperUsersAndOperatorsChangeTheLogo(t *testing.T) {
	w := newWorld(t)
	picture := asPNG(40, 40)
	stranger := w.Person(w.MSP.Place(), identity.Admin)
	for by, want := range map[*identity.Principal]fault.Code{
		new(w.Person(w.MSP.Place(), identity.Write)):     fault.Forbidden,
		new(w.Person(w.MSP.Place(), identity.Installer)): fault.Forbidden,
		new(w.SupportAgent()):                            fault.NotFound,
		new(w.Person(w.Org.Place(), identity.Admin)):     fault.NotFound,
		&stranger:         "",
		new(w.Operator()): "",
	} {
		_, err := w.Logos.Change(t.Context(), *by, w.MSP.ID, picture)
		_, fetched := w.Logos.Fetch(t.Context(), *by, w.MSP.ID, "ftp://example.com/")
		_, removed := w.Logos.Delete(t.Context(), *by, w.MSP.ID)
		if want == "" {
			w.must(errors.Join(err, removed))
			w.Wants(fault.Invalid, fetched)
			continue
		}
		for _, err := range []error{err, fetched, removed} {
			if fault.CodeOf(err) != want {
				t.Errorf("%s: %v, want %s", by.Email, err, want)
			}
		}
	}
}

func TestTheLogoIsSeenByThoseOfTheMSPAndOfItsOrganizations(t *testing.T) {
	w := newWorld(t)
	_, err := w.Logos.Change(t.Context(), w.super, w.MSP.ID, asPNG(40, 40))
	w.must(err)
	other, err := w.Tenants.NewMSP(t.Context(), w.Operator(), tenant.MSPChange{Name: new("Baltic Networks")})
	w.must(err)
	direct, err := w.Tenants.CreateOrg(t.Context(), w.Operator(), "", "Direct", true)
	w.must(err)
	for by, sees := range map[*identity.Principal]bool{
		new(w.Operator()): true, new(w.Person(w.MSP.Place(), identity.Installer)): true,
		new(w.Person(w.Org.Place(), identity.Installer)): true,
		new(w.Person(direct.Place(), identity.Admin)):    false,
		new(w.Person(other.Place(), identity.Admin)):     false,
		new(w.SupportAgent()):                            false,
	} {
		_, content, err := w.Logos.Open(t.Context(), *by, w.MSP.ID)
		if err == nil {
			w.must(content.Close())
		}
		if sees && err != nil || !sees && !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v, want it seen: %t", by.Email, err, sees)
		}
	}
}

func TestWithoutTheTierALogoIsKeptButNotShown(t *testing.T) {
	w := newWorld(t)
	_, err := w.Logos.Change(t.Context(), w.super, w.MSP.ID, asPNG(40, 40))
	w.must(err)
	before, _ := w.stored()
	w.tier(tenant.BaseTier)
	_, _, err = w.Logos.Open(t.Context(), w.super, w.MSP.ID)
	w.Wants(fault.NotFound, err)
	if w.Logos.ForMail(t.Context(), w.MSP.ID) != nil {
		t.Error("it goes with mails")
	}
	for _, by := range []identity.Principal{w.super, w.Operator()} {
		_, err = w.Logos.Change(t.Context(), by, w.MSP.ID, asPNG(40, 40))
		w.Wants(fault.Forbidden, err)
		if !strings.Contains(err.Error(), "advanced") {
			t.Errorf("the refusal does not name the tier: %v", err)
		}
	}
	w.tier(tenant.AdvancedTier)
	if after, _ := w.stored(); after != before {
		t.Errorf("%+v, want what it was: %+v", after, before)
	}
	w.tier(tenant.PartnerTier)
	msp, err := w.Logos.Delete(t.Context(), w.super, w.MSP.ID)
	if err != nil || msp.Logo != nil {
		t.Errorf("removing it without the tier: %+v, %v", msp, err)
	}
}

func TestAReplacedLogoIsRemovedFromTheFileStore(t *testing.T) {
	w := newWorld(t)
	var keys []string
	for side := 20; side < 23; side++ {
		_, err := w.Logos.Change(t.Context(), w.super, w.MSP.ID, asPNG(side, side))
		w.must(err)
		found, _ := w.stored()
		keys = append(keys, found.Key)
	}
	_, err := w.Logos.Delete(t.Context(), w.super, w.MSP.ID)
	w.must(err)
	for _, key := range keys {
		if _, err := w.Files.Open(t.Context(), key); !errors.Is(err, blob.ErrAbsent) {
			t.Errorf("%s is still there: %v", key, err)
		}
	}
	actions := map[string]int{}
	for _, entry := range w.AuditLog("MSP#" + w.MSP.ID) {
		actions[entry.Action]++
	}
	if actions["msps.change_logo"] != 3 || actions["msps.delete_logo"] != 1 {
		t.Errorf("the audit log has %v", actions)
	}
}
