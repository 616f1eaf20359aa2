package bastion

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/tenantry/tenantry/shared/bastion/signature"
	"github.com/tenantry/tenantry/shared/tenant"
)

// PeerPath is what the paths of requests to the bastion begin with; the organization's ID follows.
const PeerPath = "/api/v1/peer/orgs/"

// tag says what the signatures are for.
const tag = "tenantry-peer"

// Content is what is copied of an organization.
type Content struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Copied lists the fields of an organization that are copied.
func Copied() []string { return []string{"id", "name"} }

// body returns the content as it is sent, stored and hashed.
func (c Content) body() ([]byte, error) { return json.Marshal(c) }

func contentOf(org tenant.Org) Content { return Content{ID: org.ID, Name: org.Name} }

func hash(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// Request is a request of production as it arrived. But for the body and the signature, all of it is covered
// by the signature; the body is by way of its digest.
type Request struct {
	Method, OrgID string
	Body          []byte
	// Digest is the header Content-Digest.
	Digest string
	// ID and Number are the request's own: a request that is sent again has the same. To is the public key
	// of the bastion that it is for.
	ID, Number, To string
	Signature      signature.Headers
}

// The headers of a request.
const (
	idHeader     = "Peer-Request"
	numberHeader = "Peer-Number"
	toHeader     = "Peer-To"
)

// covered returns the parts of the request that its signature covers.
func (r Request) covered() []signature.Part {
	return []signature.Part{
		{Name: "@method", Value: r.Method}, {Name: "@path", Value: PeerPath + r.OrgID},
		{Name: "content-digest", Value: r.Digest}, {Name: "peer-request", Value: r.ID},
		{Name: "peer-number", Value: r.Number}, {Name: "peer-to", Value: r.To},
	}
}

// headers returns the headers of the request.
func (r Request) headers() http.Header {
	header := http.Header{}
	for name, value := range map[string]string{
		"Content-Digest": r.Digest, idHeader: r.ID, numberHeader: r.Number, toHeader: r.To,
		"Signature-Input": r.Signature.Input, "Signature": r.Signature.Signature,
	} {
		header.Set(name, value)
	}
	if len(r.Body) > 0 {
		header.Set("Content-Type", "application/json")
	}
	return header
}

// number returns the request's number; 0 if it is none.
func (r Request) number() int64 {
	number, err := strconv.ParseInt(r.Number, 10, 64)
	if err != nil || number < 1 || strconv.FormatInt(number, 10) != r.Number {
		return 0
	}
	return number
}

// Receipt says what the bastion holds of an organization after a request.
type Receipt struct {
	Request string              `json:"request"`
	Number  int64               `json:"number"`
	OrgID   string              `json:"org_id"`
	State   tenant.BastionState `json:"state"`
	// SHA256 is the hash, in hexadecimal digits, of what it holds; "" for nothing.
	SHA256 string `json:"sha256,omitempty"`
	// Gone lists the kinds of things that were deleted.
	Gone []string `json:"gone"`
}

// Answer is a signed receipt.
type Answer struct {
	Body      []byte
	Digest    string
	Signature signature.Headers
}

// coveredBy returns the parts of an answer that its signature covers: the receipt and the request.
func (a Answer) coveredBy(request signature.Headers) []signature.Part {
	return []signature.Part{
		{Name: "@status", Value: "200"}, {Name: "content-digest", Value: a.Digest},
		{Name: "signature", Value: request.Signature, OfRequest: true},
	}
}
