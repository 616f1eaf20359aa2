// Package downloads serves stored files and receives files through links that carry their own
// permission in sealed form: which file, under what name, until when. Whoever makes a link has
// checked who may have it.
package downloads

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/seal"
	"github.com/tenantry/tenantry/shared/store/blob"
)

const purpose = "download"

// Links makes sealed links to the endpoint of this package.
type Links struct {
	Keyring *seal.Keyring
	// BaseURL is the beginning of the links, as in https://portal.example.com.
	BaseURL string
	Now     func() time.Time
}

// ticket is the sealed content of a link.
type ticket struct {
	Key         string `json:"k"`
	Name        string `json:"n"`
	ContentType string `json:"t"`
	Until       int64  `json:"u"` // epoch seconds
}

// Link returns an absolute URL that is valid for a limited time.
func (l Links) Link(_ context.Context, key, name, contentType string, valid time.Duration) (string, error) {
	text, err := json.Marshal(ticket{Key: key, Name: name, ContentType: contentType, Until: l.Now().Add(valid).Unix()})
	if err != nil {
		return "", err
	}
	return l.BaseURL + endpoint.Prefix + "/downloads/" + l.Keyring.Seal(purpose, "", text), nil
}

func (l Links) open(link string) (ticket, error) {
	var t ticket
	if err := l.unseal(purpose, link, &t); err != nil || l.Now().Unix() >= t.Until {
		return ticket{}, fault.New(fault.NotFound,
			"This link is not valid or has expired. Ask for the file again to get a new one.")
	}
	return t, nil
}

func (l Links) unseal(purpose, link string, into any) error {
	text, err := l.Keyring.Open(purpose, "", link)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

type input struct {
	Link string `path:"link" maxLength:"2000" doc:"The sealed end of a content_url."`
}

type output struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Policy      string `header:"Content-Security-Policy"`
	Body        func(huma.Context)
}

// Endpoints lists the endpoints of this package. They are not needed where a file store serves its
// own links, as on AWS.
func Endpoints(links Links, files blob.Store) []endpoint.Endpoint {
	return []endpoint.Endpoint{get(links, files), receive(links, files)}
}

// get serves the files. They are always downloads; a browser never shows them as a page of
// ours.
func get(links Links, files blob.Store) endpoint.Endpoint {
	return endpoint.New(endpoint.About{
		Name: "downloads.get", Method: http.MethodGet, Path: "/downloads/{link}", Access: endpoint.Public,
		Summary: "Download a file by its link",
		Responses: map[string]*huma.Response{"200": {
			Description: "The file.",
			Content: map[string]*huma.MediaType{
				"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
			},
		}},
	}, func(ctx context.Context, in *input) (*output, error) {
		t, err := links.open(in.Link)
		if err != nil {
			return nil, err
		}
		content, err := files.Open(ctx, t.Key)
		if errors.Is(err, blob.ErrAbsent) {
			return nil, fault.Missing()
		}
		if err != nil {
			return nil, err
		}
		return &output{
			ContentType: t.ContentType,
			Disposition: mime.FormatMediaType("attachment", map[string]string{"filename": t.Name}),
			Policy:      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
			Body: func(c huma.Context) {
				defer func() { _ = content.Close() }() // only read, so errors do not matter
				if _, err := io.Copy(c.BodyWriter(), content); err != nil {
					panic(http.ErrAbortHandler) // an aborted connection tells the client that the file is incomplete
				}
			},
		}, nil
	}).Using(grant.On(grant.Attachments, grant.Open), grant.On(grant.RawMails, grant.Open))
}
