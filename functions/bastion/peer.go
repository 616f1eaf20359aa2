package bastion

import (
	"context"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/bastion"
	"github.com/tenantry/tenantry/shared/bastion/signature"
	"github.com/tenantry/tenantry/shared/fault"
)

const (
	// peerPath is what production calls.
	peerPath = "/peer/orgs/{org_id}"
	// peerPerHour is how many requests one network may send in an hour. It is meant for strangers: a job of
	// the largest size fits in it.
	peerPerHour = 30_000
	// maxPeerBody is the maximum size of a request's body in bytes.
	maxPeerBody = 4 << 10
)

// Signed are the headers of a request of production.
type Signed struct {
	ID
	Digest    string `header:"Content-Digest" maxLength:"200" doc:"The SHA-256 of the body (RFC 9530)."`
	Request   string `header:"Peer-Request" maxLength:"36" doc:"The id of the request."`
	Number    string `header:"Peer-Number" maxLength:"20" doc:"Rises with each request. The last request gets its answer again; a lower number is refused with 409."`
	To        string `header:"Peer-To" maxLength:"64" doc:"The public key of the bastion."`
	Input     string `header:"Signature-Input" maxLength:"1000" doc:"What is signed (RFC 9421), as peer, with the tag tenantry-peer."`
	Signature string `header:"Signature" maxLength:"200"`
}

func (i Signed) request(method string, body []byte) bastion.Request {
	return bastion.Request{
		Method: method, OrgID: i.OrgID, Body: body, Digest: i.Digest, ID: i.Request, Number: i.Number, To: i.To,
		Signature: signature.Headers{Input: i.Input, Signature: i.Signature},
	}
}

type receiptOutput struct {
	ContentType string `header:"Content-Type"`
	Digest      string `header:"Content-Digest"`
	Input       string `header:"Signature-Input"`
	Signature   string `header:"Signature"`
	Body        []byte
}

func receiptOf(answer bastion.Answer, err error) (*receiptOutput, error) {
	if err != nil {
		return nil, err
	}
	return &receiptOutput{
		ContentType: "application/json", Digest: answer.Digest, Input: answer.Signature.Input,
		Signature: answer.Signature.Signature, Body: answer.Body,
	}, nil
}

// receipts describes the answers.
func receipts() map[string]*huma.Response {
	text := func(of string) *huma.Schema { return &huma.Schema{Type: huma.TypeString, Description: of} }
	return map[string]*huma.Response{"200": {
		Description: "A receipt, signed with the key of the bastion: what it holds of the organization now.",
		Content: map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{
			Type: huma.TypeObject, Properties: map[string]*huma.Schema{
				"request": text("The id of the request."), "number": {Type: huma.TypeInteger}, "org_id": text(""),
				"state": text("STAGED or UNSTAGED."), "sha256": text("The hash of what the bastion holds."),
				"gone": {Type: huma.TypeArray, Items: text(""), Description: "What was deleted."},
			},
		}}},
	}}
}

// peerAbout is what the calls of production share.
func peerAbout(name, method, summary string) endpoint.About {
	return endpoint.About{
		Name: name, Method: method, Path: peerPath, Summary: summary,
		Description: "For the installation whose key is in the settings, which signs each request. " +
			"404 if this one is no bastion.",
		Access: endpoint.Public, PerHour: peerPerHour, MaxBody: maxPeerBody, Responses: receipts(),
		AlsoErrors: []int{http.StatusForbidden, http.StatusConflict},
		Uses:       grant.Union(grant.On(grant.Core, grant.BatchGet, grant.Put), grant.On(grant.Audit, grant.Put)),
	}
}

// payload is a body as it came: what is signed are its bytes.
type payload struct{ content []byte }

// Resolve reads the body; the library that reads inputs calls it.
func (p *payload) Resolve(ctx huma.Context) []error {
	content, err := io.ReadAll(io.LimitReader(ctx.BodyReader(), maxPeerBody+1))
	if err != nil {
		return []error{endpoint.ProblemOf(fault.Wrap(err, fault.Invalid, "The body cannot be read."))}
	}
	if len(content) > maxPeerBody {
		return []error{endpoint.ProblemOf(fault.New(fault.TooLarge, "The body is larger than %d bytes.", maxPeerBody))}
	}
	p.content = content
	return nil
}

type receiveInput struct {
	Signed
	payload
}

// receiveOrg holds a copy of an organization.
func receiveOrg(s Services) endpoint.Endpoint {
	about := peerAbout("bastion.receive_org", http.MethodPut, "Hold a copy of an organization (production)")
	about.Body = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/json": {Schema: &huma.Schema{
			Type: huma.TypeObject, Required: []string{"id", "name"}, Properties: map[string]*huma.Schema{
				"id": {Type: huma.TypeString, Format: "uuid"}, "name": {Type: huma.TypeString},
			},
		}},
	}}
	return endpoint.New(about, func(ctx context.Context, in *receiveInput) (*receiptOutput, error) {
		return receiptOf(s.Bastion.Receive(ctx, in.request(http.MethodPut, in.content)))
	})
}

// removeOrg deletes the copy of an organization.
func removeOrg(s Services) endpoint.Endpoint {
	about := peerAbout("bastion.remove_org", http.MethodDelete, "Delete the copy of an organization (production)")
	about.Uses = grant.Union(about.Uses, grant.On(grant.Core, grant.Delete))
	return endpoint.New(about, func(ctx context.Context, in *Signed) (*receiptOutput, error) {
		return receiptOf(s.Bastion.Receive(ctx, in.request(http.MethodDelete, nil)))
	})
}
