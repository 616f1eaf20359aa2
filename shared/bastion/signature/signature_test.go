package signature

import (
	"crypto/ed25519"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
)

// TestTheBaseIsThatOfTheStandard verifies the example of RFC 9421, B.2.6.
func TestTheBaseIsThatOfTheStandard(t *testing.T) {
	public, err := base64.RawURLEncoding.DecodeString("JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs")
	if err != nil {
		t.Fatal(err)
	}
	signed, err := base64.StdEncoding.DecodeString(
		"wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==")
	if err != nil {
		t.Fatal(err)
	}
	parts := []Part{
		{Name: "date", Value: "Tue, 20 Apr 2021 02:07:55 GMT"}, {Name: "@method", Value: "POST"},
		{Name: "@path", Value: "/foo"}, {Name: "@authority", Value: "example.com"},
		{Name: "content-type", Value: "application/json"}, {Name: "content-length", Value: "18"},
	}
	params := list(parts) + `;created=1618884473;keyid="test-key-ed25519"`
	if !ed25519.Verify(public, base(parts, params), signed) {
		t.Error("the example does not verify")
	}
}

func TestOnlyTheSameMessageAtTheSameTimeWithTheSameKeyVerifies(t *testing.T) {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Unix(1_800_000_000, 0)
	key := Key{ID: "mine", Tag: "tenantry-peer"}
	parts := func() []Part {
		return []Part{{Name: "@method", Value: "PUT"}, {Name: "content-digest", Value: Digest([]byte("{}"))},
			{Name: "signature", Value: "peer=:AA==:", OfRequest: true}}
	}
	headers := Sign(private, key, now, parts())
	if !strings.HasPrefix(headers.Input, `peer=("@method" "content-digest" "signature";req);created=1800000000;`) {
		t.Error(headers.Input)
	}
	for _, seconds := range []int{-300, 0, 300} {
		if err := Verify(public, key, now.Add(time.Duration(seconds)*time.Second), parts(), headers); err != nil {
			t.Errorf("%d seconds later: %v", seconds, err)
		}
	}
	otherPublic, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	changed := func(change func([]Part)) []Part { some := parts(); change(some); return some }
	swap := func(old, with string) Headers {
		return Headers{Input: strings.Replace(headers.Input, old, with, 1), Signature: headers.Signature}
	}
	for name, err := range map[string]error{
		"another key":       Verify(otherPublic, key, now, parts(), headers),
		"another key's id":  Verify(public, Key{"other", key.Tag}, now, parts(), headers),
		"another tag":       Verify(public, Key{key.ID, "tenantry-other"}, now, parts(), headers),
		"a renamed tag":     Verify(public, Key{key.ID, "tenantry-other"}, now, parts(), swap("tenantry-peer", "tenantry-other")),
		"too late":          Verify(public, key, now.Add(301*time.Second), parts(), headers),
		"too early":         Verify(public, key, now.Add(-301*time.Second), parts(), headers),
		"another time":      Verify(public, key, now, parts(), swap("1800000000", "1800000001")),
		"another method":    Verify(public, key, now, changed(func(p []Part) { p[0].Value = "DELETE" }), headers),
		"another body":      Verify(public, key, now, changed(func(p []Part) { p[1].Value = Digest(nil) }), headers),
		"another request":   Verify(public, key, now, changed(func(p []Part) { p[2].Value = "peer=:AB==:" }), headers),
		"a part less":       Verify(public, key, now, parts()[:2], headers),
		"another algorithm": Verify(public, key, now, parts(), swap("ed25519", "hmac-sha256")),
		"more parameters":   Verify(public, key, now, parts(), swap(`";alg`, `";expires=1900000000;alg`)),
		"two signatures":    Verify(public, key, now, parts(), Headers{headers.Input + ", " + headers.Input, headers.Signature}),
		"no signature":      Verify(public, key, now, parts(), Headers{Input: headers.Input}),
		"nothing":           Verify(public, key, now, parts(), Headers{}),
	} {
		if !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
