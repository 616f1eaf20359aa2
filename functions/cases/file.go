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

// maxTextPart is the size limit of one text of a form: the longest comment in four-byte characters.
const maxTextPart = 4*desk.MaxText + 1024

// Form returns a form with files for a case and with texts of the given names.
func (s Services) Form(of ID, texts ...string) uploads.Form[attachment.File] {
	return uploads.Form[attachment.File]{
		Texts:    texts,
		MaxText:  maxTextPart,
		MaxFiles: attachment.MaxFilesAtOnce,
		Store:    s.store(of),
	}
}

// store streams files of a case into the store, for the principal of the call.
func (s Services) store(
	in ID,
) func(ctx context.Context, name, contentType string, content io.Reader) (attachment.File, error) {
	return func(ctx context.Context, name, contentType string, content io.Reader) (attachment.File, error) {
		return s.Cases.StoreFile(ctx, endpoint.Principal(ctx), in.OrgID, in.CaseID, name, contentType, content)
	}
}

// Discard removes the files of a call that certainly failed, and returns its cause. If the call may
// have taken effect, the files stay: an unused file is better than a reference to a missing one.
func (s Services) Discard(ctx context.Context, files []attachment.File, cause error) error {
	switch fault.CodeOf(cause) {
	case fault.Unavailable, fault.Internal:
		return cause
	}
	// The call may have failed because the client is gone; its files must be removed anyway.
	return errors.Join(cause, s.Attachments.Discard(context.WithoutCancel(ctx), files))
}
