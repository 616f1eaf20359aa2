// Package signature signs and verifies HTTP messages between two installations, as RFC 9421 says, with
// Ed25519. It knows one profile: what is covered is fixed by the caller, in order, and one signature named
// "peer" with its parameters in one order is understood. Which keys belong to whom, and what messages mean,
// is up to package bastion.
package signature

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
)

// Window is how far the time of a signature may be from the present one, in either direction.
const Window = 300 * time.Second

// label is the name of the signature in its headers.
const label = "peer"

// Part is one covered component of a message: its identifier as the list of the signature has it, with its
// parameters but without quotes around the name, and its value.
type Part struct {
	Name, Value string
	// OfRequest is set for a part of the request in the signature of an answer.
	OfRequest bool
}

func (p Part) identifier() string {
	if p.OfRequest {
		return `"` + p.Name + `";req`
	}
	return `"` + p.Name + `"`
}

// Headers are the values of the headers Signature-Input and Signature.
type Headers struct{ Input, Signature string }

// Key names the key of a signature, and Tag what it is for.
type Key struct{ ID, Tag string }

// Sign signs parts at a time.
func Sign(private ed25519.PrivateKey, key Key, now time.Time, parts []Part) Headers {
	params := fmt.Sprintf(`%s;created=%d;keyid="%s";alg="ed25519";tag="%s"`, list(parts), now.Unix(), key.ID, key.Tag)
	signed := ed25519.Sign(private, base(parts, params))
	return Headers{
		Input: label + "=" + params, Signature: label + "=:" + base64.StdEncoding.EncodeToString(signed) + ":",
	}
}

// parameters matches what follows the list of parts.
var parameters = regexp.MustCompile(`^;created=([0-9]{1,12});keyid="([A-Za-z0-9_-]{1,64})";alg="ed25519";tag="([a-z-]{1,64})"$`)

// Verify returns nil if the headers are a signature of the parts with a key that was made about now, and
// else a fault of code Forbidden that says what is wrong.
func Verify(public ed25519.PublicKey, key Key, now time.Time, parts []Part, headers Headers) error {
	params, named := strings.CutPrefix(headers.Input, label+"=")
	rest, listed := strings.CutPrefix(params, list(parts))
	found := parameters.FindStringSubmatch(rest)
	if !named || !listed || found == nil {
		return refused("The message has no signature of the expected form.")
	}
	created, err := strconv.ParseInt(found[1], 10, 64)
	if err != nil {
		return refused("The message has no signature of the expected form.")
	}
	switch {
	case found[2] != key.ID:
		return refused("The message is signed with another key.")
	case found[3] != key.Tag:
		return refused("The message is signed for another purpose.")
	}
	encoded, ok := strings.CutPrefix(headers.Signature, label+"=:")
	encoded, closed := strings.CutSuffix(encoded, ":")
	signed, err := base64.StdEncoding.Strict().DecodeString(encoded)
	if !ok || !closed || err != nil || !ed25519.Verify(public, base(parts, params), signed) {
		return refused("The signature is not valid.")
	}
	if age := now.Sub(time.Unix(created, 0)); age > Window || age < -Window {
		return refused("The message was signed more than %d seconds before or after now. Check the clocks.",
			int(Window.Seconds()))
	}
	return nil
}

func refused(format string, arguments ...any) error {
	return fault.New(fault.Forbidden, format, arguments...)
}

// list returns the inner list of the parts' identifiers.
func list(parts []Part) string {
	identifiers := make([]string, len(parts))
	for i, part := range parts {
		identifiers[i] = part.identifier()
	}
	return "(" + strings.Join(identifiers, " ") + ")"
}

// base returns the signature base of RFC 9421, 2.5.
func base(parts []Part, params string) []byte {
	var text strings.Builder
	for _, part := range parts {
		text.WriteString(part.identifier() + ": " + part.Value + "\n")
	}
	text.WriteString(`"@signature-params": ` + params)
	return []byte(text.String())
}

// Digest returns the value of the header Content-Digest of a body (RFC 9530).
func Digest(body []byte) string {
	sum := sha256.Sum256(body)
	return "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":"
}
