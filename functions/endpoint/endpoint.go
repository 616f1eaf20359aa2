// Package endpoint is how an endpoint is declared and served: method and path, input and output
// with the documentation of every field, who may come in, and what the answers look like when
// something is wrong. It knows HTTP and no rule of the product; the endpoints themselves are in the
// folders beside it.
package endpoint

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantry/tenantry/functions/grant"
)

// Prefix is what every path begins with.
const Prefix = "/api/v1"

// Access says who may call an endpoint.
type Access uint8

const (
	// Known endpoints are for principals: a session cookie or an API token is needed.
	Known Access = iota
	// Optional endpoints are for everybody; whoever shows a session or token is known.
	Optional
	// Public endpoints are for everybody; credentials are not looked at.
	Public
)

// Freshness says which calls need a fresh proof of who makes them, so that an unattended or stolen
// session is not enough. API tokens are made with such a proof, and need no other.
type Freshness uint8

const (
	// AnySession is for everything that needs no fresh proof.
	AnySession Freshness = iota
	// FreshSession refuses sessions whose last proof is too old, before the handler.
	FreshSession
	// FreshByRule leaves it to the rule, which takes the password with the call too, or asks for it
	// only for a part of what the call can do.
	FreshByRule
)

// About is the declaration of an endpoint.
type About struct {
	// Name is the endpoint's name everywhere, as in "cases.create".
	Name string
	// Former is the name that the endpoint had first, if it was renamed: the audit log records refusals
	// by it.
	Former string
	// Method and Path are those of HTTP; Path comes behind Prefix.
	Method, Path string
	Summary      string
	Description  string
	Access       Access
	// Compatible is set where programs written for other network portals call: a parameter may be
	// absent as an empty text or false, and bodies that are not read are let pass.
	Compatible bool
	// Unknown is what becomes of fields of the body that the call does not know.
	Unknown Unknown
	// ReadOnly names fields that the path's GET shows and this call's answer does not have; they are
	// ignored in a body, as all fields are that only answers have.
	ReadOnly []string
	// PerHour, if not 0, is how many calls one network address may make in an hour. It is
	// meant for endpoints that guess or mail could be done with.
	PerHour int
	// Heavy is set if a call may read very many items. A person makes fewer such calls in an hour than
	// others: see heavyShare.
	Heavy bool
	// MaxBody is the size limit of the request's body in bytes, if not the usual 1 MiB. A handler
	// that reads the body by itself must keep to it.
	MaxBody int64
	// Body describes the body of an input without a Body field, which the handler reads by itself.
	Body *huma.RequestBody
	// BodyKey, if any, is the field of the body that is another place for the key of a request.
	BodyKey string
	// Fresh says whether a session must have given the password within the last minutes.
	Fresh Freshness
	// Secret is set if answers have a secret that is shown once: they are not kept for a request that is
	// sent again with its key.
	Secret bool
	// AlsoErrors are statuses that calls can be answered with, besides those of all such calls.
	AlsoErrors []int
	// Responses describes answers that are no JSON documents.
	Responses map[string]*huma.Response
	// Uses is what the handler needs, beside what finding out who asks does.
	Uses grant.Grants
	// Memory, in MiB, and Timeout are what the endpoint gets where it runs as a function of its
	// own, if not the usual.
	Memory  int
	Timeout time.Duration
}

// Grants is all that a call of the endpoint needs: what the handler uses, counting the call,
// finding out who asks, noting that a token was used and an organization visited, and recording a
// refusal.
func (a About) Grants() grant.Grants {
	var door grant.Grants
	if a.PerHour > 0 || a.Access != Public {
		door = grant.On(grant.Derived, grant.Count)
	}
	if a.Access != Public {
		door = grant.Union(
			door,
			grant.On(grant.Core, grant.BatchGet),
			grant.On(grant.Derived, grant.BatchGet, grant.BatchPut),
		)
	}
	if a.Access != Public && strings.Contains(a.Path, "{org_id}") {
		door = grant.Union(door, grant.On(grant.Audit, grant.Put)) // that the organization was visited
	}
	return grant.Union(door, a.HandlerGrants())
}

// HandlerGrants is what the handler needs: what it declares and, if it writes to the core table, two
// things that a test of each endpoint rarely meets: single reads, because a change reads the
// provider's setting and service levels when a promised time is over or somebody is assigned; and
// storing items, because a request with an Idempotency-Key stores the key.
func (a About) HandlerGrants() grant.Grants {
	for _, action := range []grant.Action{grant.Put, grant.Delete} {
		if slices.Contains(a.Uses, grant.Grant{Resource: grant.Core, Action: action}) {
			return grant.Union(a.Uses, grant.On(grant.Core, grant.Get, grant.Put))
		}
	}
	return a.Uses
}

// Endpoint is a declared endpoint.
type Endpoint struct {
	About
	// register gets the declaration as it is in the end.
	register func(api huma.API, operation huma.Operation, server *server, about About)
}

// usualBody is the size limit of a body where nothing else is said.
const usualBody = 1 << 20

// New declares an endpoint. The handler gets a validated input; who asks is given by
// Principal. It returns its errors and never writes them.
func New[In, Out any](about About, handle func(ctx context.Context, in *In) (*Out, error)) Endpoint {
	if about.MaxBody == 0 {
		about.MaxBody = usualBody
	}
	return Endpoint{About: about, register: func(api huma.API, operation huma.Operation, server *server, about About) {
		huma.Register(api, operation, func(ctx context.Context, in *In) (*Out, error) {
			out, err := handle(ctx, in)
			if err != nil {
				return nil, server.answer(ctx, about, err)
			}
			return out, nil
		})
		registered := operationOf(api.OpenAPI().Paths[operation.Path], about.Method)
		if about.Body != nil {
			registered.RequestBody = about.Body // only now: the library reads, whole, every body that it knows of
		}
		shareErrors(api.OpenAPI(), registered)
		if about.Unknown != RefuseUnknown {
			takesMore(api.OpenAPI().Components.Schemas, registered)
		}
	}}
}

func operationOf(item *huma.PathItem, method string) *huma.Operation {
	switch method {
	case http.MethodGet:
		return item.Get
	case http.MethodPost:
		return item.Post
	case http.MethodPut:
		return item.Put
	default:
		return item.Delete
	}
}

// Using returns the endpoint with what its handler needs.
func (e Endpoint) Using(uses ...grant.Grants) Endpoint {
	e.Uses = grant.Union(uses...)
	return e
}

// Compatible returns endpoints as those that programs written for other network portals call.
func Compatible(endpoints ...Endpoint) []Endpoint {
	for i := range endpoints {
		endpoints[i].Compatible = true
	}
	return endpoints
}

// ReadsMuch returns the endpoint marked as one that may read very many items.
func (e Endpoint) ReadsMuch() Endpoint {
	e.Heavy = true
	return e
}

// NeedsFresh returns the endpoint with what a session must have proved.
func (e Endpoint) NeedsFresh(fresh Freshness) Endpoint {
	e.Fresh = fresh
	return e
}

// Sized returns the endpoint with the memory, in MiB, and the time that it gets as a function of
// its own.
func (e Endpoint) Sized(memory int, timeout time.Duration) Endpoint {
	e.Memory, e.Timeout = memory, timeout
	return e
}

// Get declares an endpoint that reads.
func Get[In, Out any](name, path, summary string, handle func(ctx context.Context, in *In) (*Out, error)) Endpoint {
	return New(About{Name: name, Method: http.MethodGet, Path: path, Summary: summary}, handle)
}

// Post declares an endpoint that makes or does something.
func Post[In, Out any](name, path, summary string, handle func(ctx context.Context, in *In) (*Out, error)) Endpoint {
	return New(About{Name: name, Method: http.MethodPost, Path: path, Summary: summary}, handle)
}

// Put declares an endpoint that changes something: only the fields that are given.
func Put[In, Out any](name, path, summary string, handle func(ctx context.Context, in *In) (*Out, error)) Endpoint {
	return New(About{Name: name, Method: http.MethodPut, Path: path, Summary: summary}, handle)
}

// Delete declares an endpoint that removes something.
func Delete[In, Out any](name, path, summary string, handle func(ctx context.Context, in *In) (*Out, error)) Endpoint {
	return New(About{Name: name, Method: http.MethodDelete, Path: path, Summary: summary}, handle)
}

// Empty is the output of an endpoint that has nothing to say: an empty JSON object.
type Empty struct {
	Body struct{}
}

// None is the input of an endpoint without parameters.
type None struct{}
