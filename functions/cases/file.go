package cases

import (
	"context"
	"errors"
	"io"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/support/attachment"
	"github.com/tenantry/tenantry/shared/support/desk"
)

// maxTextPart is the size limit, in bytes, of a text field of a form: the longest comment in
// four-byte characters.
const maxTextPart = 4*desk.MaxText + 1024

// Form returns a form with files for a case and with text fields of the given names.
func (s Services) Form(of ID, texts ...string) uploads.Form[attachment.File] {
	return uploads.Form[attachment.File]{
		Texts:    texts,
		MaxText:  maxTextPart,
		MaxFiles: attachment.MaxFilesAtOnce,
		Store:    s.store(of),
	}
}

// store streams the files of a case into the store, on behalf of the caller.
func (s Services) store(
	in ID,
) func(ctx context.Context, name, contentType string, content io.Reader) (attachment.File, error) {
	return func(ctx context.Context, name, contentType string, content io.Reader) (attachment.File, error) {
		return s.Cases.StoreFile(ctx, endpoint.Principal(ctx), in.OrgID, in.CaseID, name, contentType, content)
	}
}

// Discard removes the files of a call that certainly failed, and returns the cause of the failure.
// If the call may have taken effect, the files stay: an unused file is better than a reference to a
// missing one.
func (s Services) Discard(ctx context.Context, files []attachment.File, cause error) error {
	switch fault.CodeOf(cause) {
	case fault.Unavailable, fault.Internal:
		return cause
	}
	// Remove the files even if the call failed because the client disconnected.
	return errors.Join(cause, s.Attachments.Discard(context.WithoutCancel(ctx), files))
}
