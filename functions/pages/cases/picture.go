package cases

import (
	"io"
	"net/http"

	"github.com/tenantry/tenantry/functions/cases"
	"github.com/tenantry/tenantry/functions/pages/kit"
)

// picture answers an attachment that is a picture. It is the portal's own answer, so that pages need to
// allow pictures of no other host.
func (p Pages) picture(v *kit.Visit) error {
	id := idOf(v)
	file, content, err := p.Cases.OpenPicture(v.Context(), *v.By, id.OrgID, id.CaseID, v.Path("attachment_id"))
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }() // it was only read
	header := v.W.Header()
	header.Set("Content-Type", file.ContentType)
	header.Set("Content-Security-Policy", cases.PicturePolicy)
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	v.W.WriteHeader(http.StatusOK)
	if _, err := io.Copy(v.W, content); err != nil {
		panic(http.ErrAbortHandler) // an aborted connection tells the browser that the picture is incomplete
	}
	return nil
}
