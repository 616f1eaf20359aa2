package upload

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/attachment"
	"github.com/tenantry/tenantry/shared/tenant/storage"
)

// UploadLife is how long after its announcement a file may arrive.
const UploadLife = 15 * time.Minute

const uploadPurpose = "upload"

// UploadFolder holds announced files until they are attached to their case. The store removes
// leftovers after some time.
const UploadFolder = blob.DayFolder

// Announced is a file that the client will upload directly to the store, because the payload of a
// function is limited.
type Announced struct {
	// Token identifies the file until FinishUpload attaches it to its case.
	Token string
	// BlobKey is where to upload the file; ContentType and MaxBytes are what it must be.
	BlobKey, ContentType string
	MaxBytes             int64
	// Until is the deadline for uploading the file and using Token.
	Until time.Time
}

// upload is the content of a token.
type upload struct {
	ID          string `json:"i"`
	Name        string `json:"n"`
	ContentType string `json:"t"`
	Until       int64  `json:"u"`
	// Counted is what the announcement counted in the storage of the organization.
	Counted storage.Announcement `json:"c,omitzero"`
}

func uploadBinding(by identity.Principal, orgID, caseID string) string {
	return by.UserID + " " + orgID + " " + caseID
}

func uploadKey(orgID, id string) string { return UploadFolder + orgID + "/" + id }

// AnnounceUpload lets a principal upload a file of at most size bytes for a case. It counts the size
// in the storage of the organization for today, and stores nothing else.
func (s *Service) AnnounceUpload(
	ctx context.Context,
	by identity.Principal,
	orgID, caseID, name, contentType string,
	size int64,
) (Announced, error) {
	opened, _, err := s.cases.Open(ctx, by, orgID, caseID, identity.OpenCases)
	if err != nil {
		return Announced{}, err
	}
	if opened.Files >= support.MaxFiles {
		return Announced{}, support.Full("attachments", support.MaxFiles)
	}
	counted, err := s.storage.Announce(ctx, opened.Org, size)
	if err != nil {
		return Announced{}, err
	}
	until := s.journal.Now().Add(UploadLife)
	announced := upload{
		ID:          s.journal.NewID(),
		Name:        attachment.SafeName(name),
		ContentType: attachment.SafeType(contentType),
		Until:       until.Unix(),
		Counted:     counted,
	}
	text, err := json.Marshal(announced)
	if err != nil {
		return Announced{}, err
	}
	return Announced{
		Token: s.keyring.Seal(
			uploadPurpose,
			uploadBinding(by, orgID, caseID),
			text,
		),
		BlobKey:     uploadKey(orgID, announced.ID),
		ContentType: announced.ContentType,
		MaxBytes:    min(attachment.MaxFileBytes, size),
		Until:       until,
	}, nil
}

// FinishUpload attaches an uploaded file to its case. It returns the same file if repeated.
func (s *Service) FinishUpload(
	ctx context.Context,
	by identity.Principal,
	orgID, caseID, token string,
) (attachment.File, error) {
	var announced upload
	text, err := s.keyring.Open(uploadPurpose, uploadBinding(by, orgID, caseID), token)
	if err == nil {
		err = json.Unmarshal(text, &announced)
	}
	if err != nil {
		return attachment.File{}, fault.Missing()
	}
	opened, items, err := s.cases.Open(ctx, by, orgID, caseID, identity.OpenCases, support.FileSort+announced.ID)
	if err != nil {
		return attachment.File{}, err
	}
	if items[0].Version > 0 {
		var stored attachment.File
		err := change.Decode(items[0], &stored)
		return stored, err
	}
	if opened.Files >= support.MaxFiles {
		return attachment.File{}, support.Full("attachments", support.MaxFiles)
	}
	if s.journal.Now().Unix() >= announced.Until {
		return attachment.File{}, fault.New(fault.Invalid, "The file was announced too long ago. Announce it again.")
	}
	from := uploadKey(orgID, announced.ID)
	content, err := s.files.Open(ctx, from)
	if errors.Is(err, blob.ErrAbsent) {
		return attachment.File{}, fault.New(
			fault.Invalid,
			"The file has not arrived yet. Upload it to the given URL, then finish.",
		)
	}
	if err != nil {
		return attachment.File{}, err
	}
	defer func() { _ = content.Close() }() // it was only read
	// Each attempt has its own key: a concurrent attempt must not lose its file when this one
	// fails.
	file, err := s.attachments.Store(
		ctx,
		announced.ID,
		"attachments/"+orgID+"/"+s.journal.NewID(),
		announced.Name,
		announced.ContentType,
		content,
	)
	if err != nil {
		return attachment.File{}, err
	}
	if _, err := s.cases.AttachUpload(ctx, by, orgID, caseID, file, announced.Counted); err != nil {
		return s.notAttached(context.WithoutCancel(ctx), by, orgID, caseID, file, err)
	}
	return file, s.files.Delete(ctx, from)
}

// notAttached finds out what became of a file whose commit failed: it may be attached all the same,
// by this attempt, whose response was lost, or by another. It removes the content only if nothing
// can refer to it.
func (s *Service) notAttached(
	ctx context.Context,
	by identity.Principal,
	orgID, caseID string,
	file attachment.File,
	cause error,
) (attachment.File, error) {
	existing, err := s.cases.File(ctx, by, orgID, caseID, file.ID)
	switch {
	case err == nil && existing.BlobKey == file.BlobKey:
		return existing, nil
	case err == nil:
		return existing, s.attachments.Discard(ctx, []attachment.File{file})
	case fault.CodeOf(cause) == fault.Unavailable || fault.CodeOf(cause) == fault.Internal:
		return attachment.File{}, cause
	}
	return attachment.File{}, errors.Join(cause, s.attachments.Discard(ctx, []attachment.File{file}))
}
