package msps

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/logo"
)

type getLogoInput struct {
	ID
	Version string `query:"v" maxLength:"36" doc:"As in logo_url: browsers may keep the answer."`
}

type logoOutput struct {
	ContentType  string `header:"Content-Type"`
	CacheControl string `header:"Cache-Control"`
	ResourceFrom string `header:"Cross-Origin-Resource-Policy"`
	Body         func(huma.Context)
}

// getLogo serves the logo of an MSP.
func getLogo(s Services) endpoint.Endpoint {
	return endpoint.New(endpoint.About{
		Name: "msps.get_logo", Method: http.MethodGet, Path: "/msps/{msp_id}/logo",
		Summary: "Get the logo of an MSP (its people and those of its organizations)",
		Responses: map[string]*huma.Response{"200": {
			Description: "The picture, of at most 400 by 96 pixels.",
			Content: map[string]*huma.MediaType{
				logo.ContentType: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
			},
		}},
	}, func(ctx context.Context, in *getLogoInput) (*logoOutput, error) {
		found, content, err := s.Logos.Open(ctx, endpoint.Principal(ctx), in.MSPID)
		if err != nil {
			return nil, err
		}
		out := &logoOutput{ContentType: logo.ContentType, CacheControl: "private, no-cache", ResourceFrom: "same-origin"}
		if in.Version == found.Version() {
			out.CacheControl = "private, max-age=31536000, immutable"
		}
		out.Body = func(c huma.Context) {
			defer func() { _ = content.Close() }() // only read, so errors do not matter
			if _, err := io.Copy(c.BodyWriter(), content); err != nil {
				panic(http.ErrAbortHandler) // an aborted connection tells the client that the picture is incomplete
			}
		}
		return out, nil
	}).Using(grant.On(grant.Logos, grant.Open))
}

type changeLogoInput struct {
	ID
	uploads.Upload
}

// formOverhead is what form data adds to a picture at most, in bytes.
const formOverhead = 64 << 10

// changeLogo gives an MSP another logo.
func changeLogo(s Services) endpoint.Endpoint {
	return endpoint.New(endpoint.About{
		Name: "msps.change_logo", Method: http.MethodPost, Path: "/msps/{msp_id}/logo",
		Summary: "Give an MSP a logo, as a file or by its address",
		Description: "The picture is a PNG or JPEG of at most 1 MiB and 16 to 4,000 pixels on each side. It is drawn anew, scaled down to " +
			"400 by 96 pixels where it is larger. What is named by an address is fetched now, from a public address, and the " +
			"address is not kept. Needs a tier with logos.",
		MaxBody: logo.MaxBytes + formOverhead, Body: logoBody(), AlsoErrors: []int{http.StatusUnsupportedMediaType},
	}, func(ctx context.Context, in *changeLogoInput) (*mspOutput, error) {
		changed, err := s.takeLogo(ctx, in)
		if err != nil {
			return nil, err
		}
		return s.one(ctx, changed)
	}).Sized(1024, 29*time.Second).Using(
		grant.On(grant.Core, grant.Put), grant.On(grant.Audit, grant.Put), grant.On(grant.Logos, grant.Store, grant.Delete))
}

// logoBody describes the body of changeLogo, which the handler reads itself.
func logoBody() *huma.RequestBody {
	picture := func() *huma.Schema { return &huma.Schema{Type: huma.TypeString, Format: "binary"} }
	return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/json": uploads.Schema(map[string]*huma.Schema{
			"logo_url": {Type: huma.TypeString, MaxLength: new(2000), Description: "The picture's address: http or https."},
		}, "logo_url"),
		"multipart/form-data": uploads.Schema(map[string]*huma.Schema{"file": picture()}, "file"),
		"image/png":           {Schema: picture()},
		"image/jpeg":          {Schema: picture()},
	}}
}

func (s Services) takeLogo(ctx context.Context, in *changeLogoInput) (tenant.MSP, error) {
	by := endpoint.Principal(ctx)
	switch in.Kind() {
	case "", "application/json":
		var body struct {
			URL string `json:"logo_url"`
		}
		if err := in.Decode(&body); err != nil {
			return tenant.MSP{}, err
		}
		return s.Logos.Fetch(ctx, by, in.MSPID, body.URL)
	case "image/png", "image/jpeg":
		content, err := in.Bytes(logo.MaxBytes)
		if err != nil {
			return tenant.MSP{}, err
		}
		return s.Logos.Change(ctx, by, in.MSPID, content)
	case "multipart/form-data":
		form := uploads.Form[[]byte]{MaxFiles: 1, Store: uploads.InMemory(logo.MaxBytes)}
		read, err := form.Read(ctx, &in.Upload)
		if err == nil && len(read.Files) != 1 {
			err = fault.InField("body.file", "must be exactly one file")
		}
		if err != nil {
			return tenant.MSP{}, err
		}
		return s.Logos.Change(ctx, by, in.MSPID, read.Files[0])
	default:
		return tenant.MSP{}, fault.New(fault.MediaType,
			"Send the picture as image/png, image/jpeg or multipart/form-data, or its address as application/json.")
	}
}

// deleteLogo removes the logo of an MSP.
func deleteLogo(s Services) endpoint.Endpoint {
	return endpoint.Delete("msps.delete_logo", "/msps/{msp_id}/logo", "Remove the logo of an MSP, whatever its tier",
		func(ctx context.Context, in *ID) (*endpoint.Empty, error) {
			_, err := s.Logos.Delete(ctx, endpoint.Principal(ctx), in.MSPID)
			return &endpoint.Empty{}, err
		}).Using(grant.On(grant.Core, grant.Put), grant.On(grant.Audit, grant.Put), grant.On(grant.Logos, grant.Delete))
}
